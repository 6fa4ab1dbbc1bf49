package org.mor.throughput.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreLocationTest {
  @ParameterizedTest
  @CsvSource({
    "s3://prd-tech-website/api/throughput/, s3://prd-tech-website/api/throughput/",
    "s3://prd-tech-website/api/throughput, s3://prd-tech-website/api/throughput/",
    "s3://my.bucket, s3://my.bucket/",
    "s3://my.bucket/, s3://my.bucket/",
    "'  s3://bucket/a  ', s3://bucket/a/",
    "file:data, file:data",
    "file:/srv/data, file:/srv/data",
    "file:///srv/data, file:/srv/data",
    "file:with space/x, file:with space/x",
    "file:~, file:~",
    "file:~/x, file:~/x",
    "file:./~x, file:./~x",
  })
  void aStoreIsReadAndNormalised(String given, String normalised) {
    assertThat(StoreLocation.parse(given)).hasToString(normalised);
  }

  @Test
  void theTwoKindsCarryTheirParts() {
    assertThat(StoreLocation.parse("s3://bucket/a/b"))
        .isEqualTo(new StoreLocation.Bucket("bucket", "a/b/"));
    assertThat(StoreLocation.parse("file:a/b")).isEqualTo(new StoreLocation.Directory("a/b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "data", "/srv/data", "S3://bucket/", "https://bucket/", "s3:bucket"})
  void anythingElseIsRefusedWithWhatIsAccepted(String given) {
    assertThatThrownBy(() -> StoreLocation.parse(given))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'%s' is not a store: give s3://bucket/prefix/ or file:DIR", given);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ab",
        "Bucket",
        "my_bucket",
        "-bucket",
        "bucket-",
        "a..b",
        "10.0.0.1",
        "k:s@b"
      })
  void aBucketNameThatS3RefusesIsRefused(String bucket) {
    assertThatThrownBy(() -> StoreLocation.parse("s3://" + bucket + "/x/"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + bucket + "' is not a bucket name: 3 to 63");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "a//b", "../x", "a/./b", "a b", "a?b"})
  void aPrefixThatReadsInTwoWaysIsRefused(String prefix) {
    assertThatThrownBy(() -> StoreLocation.parse("s3://bucket/" + prefix))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not a key prefix");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:", "file:  ", "file://host/dir"})
  void aDirectoryThatIsNoneIsRefused(String given) {
    assertThatThrownBy(() -> StoreLocation.parse(given))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("file:");
  }

  @Test
  void anotherUsersHomeIsRefused() {
    assertThatThrownBy(() -> StoreLocation.parse("file:~ann/x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'file:~ann/x' names another user's home")
        .hasMessageContaining("file:./~ann/x");
  }
}
