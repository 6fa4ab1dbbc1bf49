package org.mor.throughput.session;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Bytes;

/**
 * How a wallet is written down: as it is, or with a key as the first 16 bytes of HMAC-SHA-256(key,
 * address), so that distinct users stay distinct without being named. Immutable.
 */
public final class UserPrivacy {
  private static final String ALGORITHM = "HmacSHA256";

  private final @Nullable SecretKeySpec key;

  private UserPrivacy(@Nullable SecretKeySpec key) {
    this.key = key;
  }

  /** Keeps plain addresses. */
  public static UserPrivacy plain() {
    return new UserPrivacy(null);
  }

  /**
   * Hashes every address with {@code key}.
   *
   * @throws IllegalArgumentException when the key is empty
   */
  public static UserPrivacy keyed(String key) {
    return new UserPrivacy(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM));
  }

  /** Whether users are written with a key. */
  public boolean isKeyed() {
    return key != null;
  }

  /** The user as stored; a hashed one stays as it is. */
  public UserId stored(UserId user) {
    if (key == null || user.isHashed()) {
      return user;
    }
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] digest = mac.doFinal(user.value().toArray());
      return new UserId(Bytes.of(Arrays.copyOf(digest, UserId.HASHED_SIZE)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK has no " + ALGORITHM, e);
    }
  }
}
