package org.mor.throughput.adapter.aws;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.mor.throughput.adapter.aws.SecretSource.SecretUnavailableException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class SecretsManagerSourceTest {
  @RegisterExtension
  static final WireMockExtension AWS =
      WireMockExtension.newInstance().options(options().dynamicPort()).build();

  private SecretsManagerSource source;

  @BeforeEach
  void connect() {
    source =
        new SecretsManagerSource(
            "us-east-2",
            Optional.of(URI.create(AWS.baseUrl())),
            StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key")));
  }

  @AfterEach
  void close() {
    source.close();
  }

  @Test
  void theSecretsTextIsReadInItsRegion() {
    answer(200, "{\"Name\":\"prd-rpc\",\"SecretString\":\" https://h.example.com/k\\n\"}");
    assertThat(source.read("prd-rpc")).isEqualTo("https://h.example.com/k");
    AWS.verify(
        postRequestedFor(urlEqualTo("/"))
            .withHeader("X-Amz-Target", equalTo("secretsmanager.GetSecretValue"))
            .withHeader("Authorization", containing("/us-east-2/secretsmanager/"))
            .withRequestBody(matchingJsonPath("$.SecretId", equalTo("prd-rpc"))));
  }

  @Test
  void aMissingSecretIsNamed() {
    answer(400, "{\"__type\":\"ResourceNotFoundException\",\"message\":\"can't find\"}");
    assertThatThrownBy(() -> source.read("prd-rpc"))
        .isInstanceOf(SecretUnavailableException.class)
        .hasMessageContaining(
            "Reading secret prd-rpc in us-east-2: status 400 ResourceNotFoundException")
        .hasMessageContaining("next: check the name in RPC_SECRET_ID");
  }

  @Test
  void deniedAccessIsNotTakenForMissing() {
    answer(400, "{\"__type\":\"AccessDeniedException\",\"message\":\"no\"}");
    assertThatThrownBy(() -> source.read("prd-rpc"))
        .isInstanceOfSatisfying(
            SecretUnavailableException.class, e -> assertThat(e.isPassing()).isFalse())
        .hasMessageContaining("AccessDeniedException")
        .hasMessageContaining("next: check that the credentials in use may read this secret");
  }

  @Test
  void aBusyServiceSaysNothingAboutTheSecret() {
    for (int status : new int[] {400, 500, 503}) {
      answer(status, "{\"__type\":\"ThrottlingException\",\"message\":\"slow down\"}");
      assertThatThrownBy(() -> source.read("prd-rpc"))
          .isInstanceOfSatisfying(
              SecretUnavailableException.class, e -> assertThat(e.isPassing()).isTrue())
          .hasMessageContaining("status " + status)
          .hasMessageContaining("next: run it again, the service was busy");
    }
  }

  @Test
  void aBinaryOrEmptySecretIsRefused() {
    answer(200, "{\"Name\":\"prd-rpc\",\"SecretBinary\":\"Y2FuYXJ5\"}");
    assertThatThrownBy(() -> source.read("prd-rpc"))
        .isInstanceOf(SecretUnavailableException.class)
        .hasMessageContaining("it holds no text")
        .message()
        .doesNotContain("canary");
  }

  @Test
  void noServiceAtAllIsSaidWithTheSecretsName() {
    try (SecretsManagerSource nowhere =
        new SecretsManagerSource(
            "us-east-2",
            Optional.of(URI.create("http://127.0.0.1:1")),
            StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key")))) {
      assertThatThrownBy(() -> nowhere.read("prd-rpc"))
          .isInstanceOf(SecretUnavailableException.class)
          .hasMessageContaining("Reading secret prd-rpc in us-east-2")
          .hasMessageContaining("next: check the network and the credentials in use");
    }
  }

  private static void answer(int status, String body) {
    AWS.stubFor(
        post(urlEqualTo("/"))
            .willReturn(
                aResponse()
                    .withStatus(status)
                    .withHeader("Content-Type", "application/x-amz-json-1.1")
                    .withBody(body)));
  }
}
