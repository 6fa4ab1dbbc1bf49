package org.mor.throughput.adapter.s3;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import org.mor.throughput.store.ObjectStore.StoredObject;
import org.mor.throughput.store.StoreException.StoreConflictException;
import org.mor.throughput.store.StoreException.StoreRefusedException;
import org.mor.throughput.store.StoreLocation;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A prefix of a bucket as a store; an object's version is its ETag. Every put carries {@code
 * If-Match} or {@code If-None-Match: *}, nothing is deleted, and no put is repeated once its
 * outcome is unknown. Safe for use by many threads.
 */
public final class S3ObjectStore implements ObjectStore, AutoCloseable {
  private static final long MAX_BYTES = 512L << 20;

  /** The status of "another writer is at it", which says nothing of the ETag. */
  private static final int IN_FLIGHT = 409;

  private static final String NO_PROXY =
      "next: set AWS_ENDPOINT_URL to the server itself rather than to a proxy or CDN that drops or changes ETags, or use another store; `indexer doctor` tries it";

  private final S3Client client;
  private final StoreLocation.Bucket place;
  private final Attempts attempts;
  private final WholeBody wholeBody;
  private final Refusals refusals = new Refusals();

  S3ObjectStore(S3Client client, StoreLocation.Bucket place, Backoff backoff, long maxBytes) {
    this.client = client;
    this.place = place;
    this.attempts = new Attempts(backoff);
    this.wholeBody = new WholeBody(maxBytes);
  }

  /**
   * Opens a store; contacts nobody yet.
   *
   * @param endpoint a server other than AWS, addressed path-style
   */
  public static S3ObjectStore open(
      StoreLocation.Bucket place,
      String region,
      Optional<URI> endpoint,
      AwsCredentialsProvider credentials) {
    S3Client client = S3Clients.create(Region.of(region), endpoint, credentials, Timeouts.STANDARD);
    return new S3ObjectStore(client, place, Backoff.standard(), MAX_BYTES);
  }

  @Override
  public Optional<StoredObject> find(ObjectKey key) {
    String doing = "Reading " + name(key);
    Optional<StoredObject> found = attempts.read(doing, () -> get(doing, key));
    refusals.read(key, found.map(object -> object.version().token()).orElse(Refusals.ABSENT));
    return found;
  }

  private Optional<StoredObject> get(String doing, ObjectKey key) {
    try {
      ResponseInputStream<GetObjectResponse> body =
          client.getObject(
              r ->
                  r.bucket(place.bucket())
                      .key(place.prefix() + key)
                      .checksumMode(ChecksumMode.ENABLED));
      Optional<ObjectVersion> version = version(body.response().eTag());
      if (version.isEmpty()) {
        body.abort();
        throw new StoreRefusedException(
            "%s: the answer (%s) has no ETag, which the next write needs as its condition; %s"
                .formatted(doing, body.response().contentType(), NO_PROXY));
      }
      return Optional.of(new StoredObject(wholeBody.read(doing, body), version.get()));
    } catch (NoSuchKeyException absent) {
      return Optional.empty();
    }
  }

  private static Optional<ObjectVersion> version(@Nullable String etag) {
    return Optional.ofNullable(etag).filter(tag -> !tag.isBlank()).map(ObjectVersion::new);
  }

  @Override
  public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
    return put("Creating ", key, Refusals.ABSENT, body, request(key, attributes).ifNoneMatch("*"));
  }

  @Override
  public ObjectVersion replace(
      ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
    String etag = expected.token();
    return put("Replacing ", key, etag, body, request(key, attributes).ifMatch(etag));
  }

  @Override
  public List<ObjectInfo> list(String prefix) {
    List<ObjectInfo> found = new ArrayList<>();
    @Nullable String next = null;
    do {
      ListObjectsV2Response page = page(prefix, next);
      page.contents().forEach(object -> info(prefix, object).ifPresent(found::add));
      next = next(prefix, page, next);
    } while (next != null);
    found.sort(Comparator.comparing(ObjectInfo::key));
    return found;
  }

  /** The token of the page after {@code page}; null after the last one. */
  private @Nullable String next(
      String prefix, ListObjectsV2Response page, @Nullable String before) {
    if (!Boolean.TRUE.equals(page.isTruncated())) {
      return null;
    }
    @Nullable String next = page.nextContinuationToken();
    if (next == null || next.equals(before)) {
      throw unreadable(prefix, "a page says that there are more and does not say where");
    }
    return next;
  }

  @Override
  public String location() {
    return place.toString();
  }

  /** The server's clock, as its answers tell it; empty when they do not. */
  public Optional<Instant> serverTime() {
    return attempts
        .read(
            "Reading the time of " + place,
            () ->
                client.listObjectsV2(
                    r -> r.bucket(place.bucket()).prefix(place.prefix()).maxKeys(1)))
        .sdkHttpResponse()
        .firstMatchingHeader("Date")
        .flatMap(S3ObjectStore::moment);
  }

  private static Optional<Instant> moment(String date) {
    try {
      return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    client.close();
  }

  private ObjectVersion put(
      String verb, ObjectKey key, String etag, byte[] body, PutObjectRequest.Builder request) {
    PutObjectRequest conditional = request.build();
    String doing = verb + name(key);
    try {
      // The client reads an answer without an ETag as an error.
      ObjectVersion written =
          attempts.write(
              doing,
              () ->
                  new ObjectVersion(
                      client.putObject(conditional, RequestBody.fromBytes(body)).eTag()));
      refusals.written(key);
      return written;
    } catch (StoreConflictException e) {
      if (e.getCause() instanceof AwsServiceException answered
          && answered.statusCode() != IN_FLIGHT
          && refusals.refused(key, etag) >= Refusals.LIMIT) {
        throw unfit(doing, etag, answered);
      }
      throw e;
    }
  }

  private static StoreRefusedException unfit(
      String doing, String etag, AwsServiceException answered) {
    String how =
        etag.equals(Refusals.ABSENT)
            ? "the store reads the object as absent and refuses to create it"
            : "the store reads the object with the ETag %s and refuses this ETag as If-Match"
                .formatted(etag);
    return new StoreRefusedException(
        "%s: %s, %d times in a row although nobody else wrote (%s); %s"
            .formatted(doing, how, Refusals.LIMIT, S3Failures.answer(answered), NO_PROXY),
        answered);
  }

  private PutObjectRequest.Builder request(ObjectKey key, ObjectAttributes attributes) {
    return PutObjectRequest.builder()
        .bucket(place.bucket())
        .key(place.prefix() + key)
        .contentType(attributes.contentType())
        .cacheControl(attributes.cacheControl());
  }

  private ListObjectsV2Response page(String prefix, @Nullable String token) {
    return attempts.read(
        "Listing " + place + prefix,
        () ->
            requireListing(
                client.listObjectsV2(
                    r ->
                        r.bucket(place.bucket())
                            .prefix(place.prefix() + prefix)
                            .continuationToken(token))));
  }

  /** The SDK reads an empty body, and XML of another kind, as a listing without objects. */
  static ListObjectsV2Response requireListing(ListObjectsV2Response page) {
    @Nullable Boolean truncated = page.isTruncated();
    if (truncated == null) {
      throw SdkClientException.create("the answer is no listing");
    }
    return page;
  }

  /** Other people's objects, whose names are no keys of ours, are left out. */
  private Optional<ObjectInfo> info(String prefix, S3Object object) {
    @Nullable String full = object.key();
    if (full == null || !full.startsWith(place.prefix() + prefix)) {
      throw unreadable(prefix, "it holds the key %s, which was not asked for".formatted(full));
    }
    String key = full.substring(place.prefix().length());
    if (!ObjectKey.isValid(key)) {
      return Optional.empty();
    }
    @Nullable Long size = object.size();
    Optional<ObjectVersion> version = version(object.eTag());
    if (size == null || version.isEmpty()) {
      throw unreadable(prefix, "%s has no size or no ETag in it".formatted(full));
    }
    return Optional.of(new ObjectInfo(new ObjectKey(key), size, version.get()));
  }

  private StoreRefusedException unreadable(String prefix, String found) {
    return new StoreRefusedException(
        "Listing %s: %s; %s".formatted(place + prefix, found, NO_PROXY));
  }

  private String name(ObjectKey key) {
    return place.toString() + key;
  }
}
