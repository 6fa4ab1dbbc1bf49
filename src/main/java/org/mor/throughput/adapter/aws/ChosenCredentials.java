package org.mor.throughput.adapter.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;

/**
 * Credentials in the order of the AWS SDK's default chain: keys in the environment, a web identity,
 * a profile, the machine's role. A web identity or a profile that is named is used or fails: the
 * chain would go on to another identity. Safe for use by many threads.
 */
public final class ChosenCredentials implements AwsCredentialsProvider {
  private static final String DEFAULT_PROFILE = "default";

  private @Nullable AwsCredentialsProvider chosen;

  /**
   * The credentials; those of a session that ends soon are renewed.
   *
   * @throws SdkClientException whose message starts with "Unable to load credentials" and holds the
   *     SDK's reason
   */
  @Override
  public synchronized AwsCredentials resolveCredentials() {
    try {
      if (chosen == null) {
        chosen = choose();
      }
      return chosen.resolveCredentials();
    } catch (RuntimeException e) { // some of the SDK's providers throw others than its own
      SdkClientException said = SdkClientException.create("Unable to load credentials" + why(e));
      said.addSuppressed(e); // as a cause, an unknown host would replace the message
      throw said;
    }
  }

  private static AwsCredentialsProvider choose() {
    if (isSet(SdkSystemSetting.AWS_ACCESS_KEY_ID)) {
      return DefaultCredentialsProvider.builder().build();
    }
    if (isSet(SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE)) {
      return WebIdentityTokenFileCredentialsProvider.create();
    }
    return profile()
        .<AwsCredentialsProvider>map(ProfileCredentialsProvider::create)
        .orElseGet(() -> DefaultCredentialsProvider.builder().build());
  }

  private static boolean isSet(SdkSystemSetting setting) {
    return setting.getStringValue().isPresent();
  }

  private static Optional<String> profile() {
    return ProfileFileSystemSetting.AWS_PROFILE.getNonDefaultStringValue();
  }

  private static String why(RuntimeException failure) {
    if (isSet(SdkSystemSetting.AWS_ACCESS_KEY_ID)) {
      return ": AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not";
    }
    if (isSet(SdkSystemSetting.AWS_WEB_IDENTITY_TOKEN_FILE)) {
      return " of the web identity in AWS_WEB_IDENTITY_TOKEN_FILE: " + reasons(failure);
    }
    if (profile().isPresent()) {
      return " of profile %s (AWS_PROFILE): %s".formatted(profile().get(), reasons(failure));
    }
    return ": no keys in the environment, no AWS_PROFILE, no role of this machine" + ofDefault();
  }

  /** Why the default profile gives none, where there is one. */
  private static String ofDefault() {
    try {
      if (ProfileFile.defaultProfileFile().profile(DEFAULT_PROFILE).isPresent()) {
        ProfileCredentialsProvider.create(DEFAULT_PROFILE).resolveCredentials();
      }
      return "";
    } catch (RuntimeException e) {
      return "; profile default: " + reasons(e);
    }
  }

  /** What the SDK says, from the outermost exception to its cause, without its dumps of files. */
  private static String reasons(Throwable failure) {
    List<String> reasons = new ArrayList<>();
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      String said = String.valueOf(t.getMessage()).lines().findFirst().orElse("");
      String plain = said.replaceFirst(": ProfileFile\\(.*|\\.?\\s*$", "");
      // "See cause for the endpoint": the cause is listed too.
      if (!plain.isEmpty()
          && !plain.startsWith("Received an UnknownHostException")
          && reasons.stream().noneMatch(known -> known.contains(plain))) {
        reasons.add(plain);
      }
    }
    return String.join(" - ", reasons);
  }
}
