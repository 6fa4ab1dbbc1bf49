package org.mor.throughput.adapter.s3;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreConflictException;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What the S3 store does around the SDK (retries, reading errors, whole bodies) over a store in
 * memory that plays the bucket, with the SDK's exceptions as faults.
 */
public final class PlayedBucket implements ObjectStore {
  private static final WholeBody WHOLE = new WholeBody(1 << 26);

  /** One request that is about to be sent. */
  public enum Request {
    GET,
    CREATE,
    REPLACE,
    LIST
  }

  /** What goes wrong with a request. */
  public enum Trouble {
    NONE,
    /** A server error; nothing was done. */
    FAILS_BEFORE,
    /** A server error; a put was carried out. */
    FAILS_AFTER,
    PRECONDITION_FAILED,
    CONFLICT,
    SLOW_DOWN,
    /** No answer; nothing was done. */
    TIMEOUT,
    /** No answer; the put is carried out later. */
    LATE,
    /** The body, of an object or a listing, is shorter than the answer says. */
    TRUNCATED,
    /**
     * The body is shorter than what was stored, or a listing's is empty, and the answer says so.
     */
    CORRUPT,
    FORBIDDEN,
    /** A failed condition below a status 200. */
    PRECONDITION_FAILED_UNDER_200
  }

  /** Asked before each request, and told how it ended. */
  public interface Play {
    Trouble before(Request request, ObjectKey key);

    /** After the bucket did what was asked; may end the process. */
    void after(Request request, ObjectKey key);
  }

  private final ObjectStore bucket;
  private final Play play;
  private final Consumer<Runnable> later;
  private final Attempts attempts;

  /**
   * @param later takes what is carried out when nobody waits for it any more
   * @param pause waits in virtual time
   */
  public PlayedBucket(
      ObjectStore bucket, Play play, Consumer<Runnable> later, Consumer<Duration> pause) {
    this.bucket = bucket;
    this.play = play;
    this.later = later;
    this.attempts =
        new Attempts(
            new Backoff(
                3, Duration.ofMillis(200), Duration.ofSeconds(5), pause::accept, most -> most));
  }

  @Override
  public Optional<StoredObject> find(ObjectKey key) {
    return attempts.read("Reading " + key, () -> get(key));
  }

  private Optional<StoredObject> get(ObjectKey key) {
    Trouble trouble = play.before(Request.GET, key);
    throwFor(trouble);
    Optional<StoredObject> found = bucket.find(key).map(object -> received(object, trouble));
    play.after(Request.GET, key);
    return found;
  }

  private static StoredObject received(StoredObject object, Trouble trouble) {
    byte[] body = object.body();
    int sent = trouble == Trouble.CORRUPT ? body.length / 2 : body.length;
    int arrives = trouble == Trouble.TRUNCATED ? body.length / 2 : sent;
    ResponseInputStream<GetObjectResponse> stream =
        new ResponseInputStream<>(
            GetObjectResponse.builder().contentLength((long) sent).build(),
            AbortableInputStream.create(new ByteArrayInputStream(Arrays.copyOf(body, arrives))));
    return new StoredObject(WHOLE.read("Reading", stream), object.version());
  }

  @Override
  public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
    return attempts.write(
        "Creating " + key,
        () -> put(Request.CREATE, key, () -> bucket.create(key, body, attributes)));
  }

  @Override
  public ObjectVersion replace(
      ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
    return attempts.write(
        "Replacing " + key,
        () -> put(Request.REPLACE, key, () -> bucket.replace(key, body, expected, attributes)));
  }

  private ObjectVersion put(Request request, ObjectKey key, Supplier<ObjectVersion> write) {
    Trouble trouble = play.before(request, key);
    if (trouble == Trouble.FAILS_AFTER) {
      tryTo(write);
    } else if (trouble == Trouble.LATE) {
      later.accept(() -> tryTo(write));
    }
    throwFor(trouble);
    try {
      ObjectVersion version = write.get();
      play.after(request, key);
      return version;
    } catch (StoreConflictException conflict) {
      throw answered(412, "PreconditionFailed");
    }
  }

  private static void tryTo(Supplier<ObjectVersion> write) {
    try {
      ObjectVersion unused = write.get();
    } catch (StoreConflictException conflict) {
      // Nobody hears of it.
    }
  }

  private static void throwFor(Trouble trouble) {
    switch (trouble) {
      case NONE, TRUNCATED, CORRUPT -> {}
      case FAILS_BEFORE, FAILS_AFTER -> throw answered(500, "InternalError");
      case PRECONDITION_FAILED -> throw answered(412, "PreconditionFailed");
      case CONFLICT -> throw answered(409, "ConditionalRequestConflict");
      case SLOW_DOWN -> throw answered(503, "SlowDown");
      case TIMEOUT, LATE -> throw SdkClientException.create("Client execution did not complete");
      case FORBIDDEN -> throw answered(403, "AccessDenied");
      case PRECONDITION_FAILED_UNDER_200 -> throw answered(200, "PreconditionFailed");
    }
  }

  private static SdkException answered(int status, String code) {
    return S3Exception.builder()
        .statusCode(status)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
        .build();
  }

  @Override
  public List<ObjectInfo> list(String prefix) {
    return attempts.read(
        "Listing " + prefix,
        () -> {
          Trouble trouble = play.before(Request.LIST, new ObjectKey("list"));
          throwFor(trouble);
          List<ObjectInfo> found = bucket.list(prefix);
          return trouble == Trouble.NONE ? found : PlayedListing.spoilt(found, trouble);
        });
  }

  @Override
  public String location() {
    return "s3://played/";
  }
}
