package org.mor.throughput.adapter.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.store.ObjectStore.ObjectInfo;
import org.mor.throughput.store.ObjectStore.ObjectVersion;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/** A listing that is spoilt on its way, as the SDK reads it: half of the XML, or nothing. */
final class PlayedListing {
  private PlayedListing() {}

  /** What is read from it, which the SDK or the store must refuse. */
  static List<ObjectInfo> spoilt(List<ObjectInfo> whole, PlayedBucket.Trouble trouble) {
    byte[] xml = xml(whole).getBytes(UTF_8);
    InputStream body =
        trouble == PlayedBucket.Trouble.TRUNCATED
            ? new ByteArrayInputStream(Arrays.copyOf(xml, xml.length / 2))
            : new ByteArrayInputStream(new byte[0]);
    try (S3Client client = client(body)) {
      return S3ObjectStore.requireListing(client.listObjectsV2(r -> r.bucket("played")))
          .contents()
          .stream()
          .map(
              object ->
                  new ObjectInfo(
                      new ObjectKey(object.key()), object.size(), new ObjectVersion(object.eTag())))
          .toList();
    }
  }

  private static String xml(List<ObjectInfo> objects) {
    return objects.stream()
        .map(
            object ->
                "<Contents><Key>%s</Key><ETag>%s</ETag><Size>%d</Size></Contents>"
                    .formatted(object.key(), object.version().token(), object.size()))
        .collect(
            Collectors.joining(
                "",
                "<ListBucketResult><Name>played</Name><IsTruncated>false</IsTruncated>",
                "</ListBucketResult>"));
  }

  private static S3Client client(InputStream body) {
    return S3Client.builder()
        .region(Region.US_EAST_1)
        .credentialsProvider(AnonymousCredentialsProvider.create())
        .httpClient(new OneAnswer(body))
        .overrideConfiguration(c -> c.retryStrategy(DefaultRetryStrategy.doNotRetry()))
        .build();
  }

  private record OneAnswer(InputStream body) implements SdkHttpClient {
    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() {
          return HttpExecuteResponse.builder()
              .response(SdkHttpFullResponse.builder().statusCode(200).build())
              .responseBody(AbortableInputStream.create(body))
              .build();
        }

        @Override
        public void abort() {}
      };
    }

    @Override
    public void close() {}
  }
}
