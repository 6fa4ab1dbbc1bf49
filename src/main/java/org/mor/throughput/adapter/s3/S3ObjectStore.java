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
import org.mor.throughput.store.ObjectInfo;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore;
import org.mor.throughput.store.ObjectVersion;
import org.mor.throughput.store.StoreLocation;
import org.mor.throughput.store.StoreOutcomeUnknownException;
import org.mor.throughput.store.StoredObject;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
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

  private final S3Client client;
  private final StoreLocation.Bucket place;
  private final Attempts attempts;
  private final WholeBody wholeBody;

  S3ObjectStore(S3Client client, StoreLocation.Bucket place, Backoff backoff, long maxBytes) {
    this.client = client;
    this.place = place;
    this.attempts = new Attempts(backoff);
    this.wholeBody = new WholeBody(maxBytes);
  }

  /**
   * Opens a store with the AWS default chain of credentials; contacts nobody yet.
   *
   * @param endpoint a server other than AWS, addressed path-style
   */
  public static S3ObjectStore open(
      StoreLocation.Bucket place, String region, Optional<URI> endpoint) {
    S3Client client =
        S3Clients.create(
            Region.of(region),
            endpoint,
            DefaultCredentialsProvider.builder().build(),
            Timeouts.STANDARD);
    return new S3ObjectStore(client, place, Backoff.standard(), MAX_BYTES);
  }

  @Override
  public Optional<StoredObject> find(ObjectKey key) {
    String doing = "Reading " + name(key);
    return attempts.read(
        doing,
        () -> {
          try {
            ResponseInputStream<GetObjectResponse> body =
                client.getObject(
                    r ->
                        r.bucket(place.bucket())
                            .key(place.prefix() + key)
                            .checksumMode(ChecksumMode.ENABLED));
            return Optional.of(
                new StoredObject(
                    wholeBody.read(doing, body), new ObjectVersion(body.response().eTag())));
          } catch (NoSuchKeyException absent) {
            return Optional.empty();
          }
        });
  }

  @Override
  public ObjectVersion create(ObjectKey key, byte[] body, ObjectAttributes attributes) {
    return put("Creating " + name(key), body, request(key, attributes).ifNoneMatch("*"));
  }

  @Override
  public ObjectVersion replace(
      ObjectKey key, byte[] body, ObjectVersion expected, ObjectAttributes attributes) {
    return put("Replacing " + name(key), body, request(key, attributes).ifMatch(expected.token()));
  }

  @Override
  public List<ObjectInfo> list(String prefix) {
    List<ObjectInfo> found = new ArrayList<>();
    @Nullable String next = null;
    do {
      ListObjectsV2Response page = page(prefix, next);
      page.contents().forEach(object -> info(object).ifPresent(found::add));
      next = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
    } while (next != null);
    found.sort(Comparator.comparing(ObjectInfo::key));
    return found;
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

  private ObjectVersion put(String doing, byte[] body, PutObjectRequest.Builder request) {
    PutObjectRequest conditional = request.build();
    // An error may hide below a status 200: only an ETag proves that the object is there.
    return attempts
        .write(
            doing,
            () ->
                Optional.ofNullable(
                    client.putObject(conditional, RequestBody.fromBytes(body)).eTag()))
        .map(ObjectVersion::new)
        .orElseThrow(
            () ->
                new StoreOutcomeUnknownException(
                    doing + ": S3 answered without an ETag; read it again to know"));
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
  private Optional<ObjectInfo> info(S3Object object) {
    String key = object.key().substring(place.prefix().length());
    return ObjectKey.isValid(key)
        ? Optional.of(
            new ObjectInfo(new ObjectKey(key), object.size(), new ObjectVersion(object.eTag())))
        : Optional.empty();
  }

  private String name(ObjectKey key) {
    return place.toString() + key;
  }
}
