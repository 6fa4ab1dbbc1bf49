package org.mor.throughput.adapter.aws;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingXPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mor.throughput.publish.Invalidator.InvalidationFailedException;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class CloudFrontInvalidatorTest {
  private static final String URL = "/2020-05-31/distribution/E1A2B3/invalidation";
  private static final String CREATED =
      """
      <Invalidation xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Id>I1</Id>\
      <Status>InProgress</Status><CreateTime>2026-04-21T13:00:00Z</CreateTime><InvalidationBatch>\
      <Paths><Quantity>1</Quantity><Items><Path>/x/*</Path></Items></Paths>\
      <CallerReference>r</CallerReference></InvalidationBatch></Invalidation>""";

  @RegisterExtension
  static final WireMockExtension AWS =
      WireMockExtension.newInstance().options(options().dynamicPort()).build();

  private CloudFrontInvalidator invalidator;

  @BeforeEach
  void connect() {
    invalidator = at(AWS.baseUrl());
  }

  @AfterEach
  void close() {
    invalidator.close();
  }

  @Test
  void onePathIsInvalidatedUnderTheGivenReference() {
    AWS.stubFor(post(urlEqualTo(URL)).willReturn(answer(201, CREATED)));
    invalidator.invalidate("/api/throughput/*", "throughput-base-7-8");
    AWS.verify(
        1,
        postRequestedFor(urlEqualTo(URL))
            .withHeader("Authorization", containing("/us-east-1/cloudfront/"))
            .withRequestBody(matchingXPath("//*[local-name()='Path'][text()='/api/throughput/*']"))
            .withRequestBody(matchingXPath("//*[local-name()='Quantity'][text()='1']"))
            .withRequestBody(
                matchingXPath(
                    "//*[local-name()='CallerReference'][text()='throughput-base-7-8']")));
  }

  @ParameterizedTest
  @CsvSource({
    "403,AccessDenied,allow cloudfront:CreateInvalidation on this distribution",
    "404,NoSuchDistribution,correct CLOUDFRONT_DISTRIBUTION_ID",
    "400,TooManyInvalidationsInProgress,nothing: the next run asks again"
  })
  void aRefusalIsNamedWithWhatToDo(int status, String code, String next) {
    AWS.stubFor(post(urlEqualTo(URL)).willReturn(answer(status, error(code))));
    assertThatThrownBy(() -> invalidator.invalidate("/api/throughput/*", "r"))
        .isInstanceOf(InvalidationFailedException.class)
        .hasMessage(
            "Invalidating /api/throughput/* of distribution E1A2B3: CloudFront answered %d %s; next: %s",
            status, code, next);
  }

  @Test
  void aFaultOfTheMomentIsAskedAgainUnderTheSameReference() {
    AWS.stubFor(
        post(urlEqualTo(URL))
            .inScenario("fault")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(answer(503, error("ServiceUnavailable")))
            .willSetStateTo("well"));
    AWS.stubFor(
        post(urlEqualTo(URL))
            .inScenario("fault")
            .whenScenarioStateIs("well")
            .willReturn(answer(201, CREATED)));
    assertThatCode(() -> invalidator.invalidate("/x/*", "the-same")).doesNotThrowAnyException();
    AWS.verify(
        2,
        postRequestedFor(urlEqualTo(URL))
            .withRequestBody(
                matchingXPath("//*[local-name()='CallerReference'][text()='the-same']")));
  }

  @Test
  void noAnswerAtAllIsAFailureToo() {
    try (CloudFrontInvalidator nowhere = at("http://127.0.0.1:1")) {
      assertThatThrownBy(() -> nowhere.invalidate("/x/*", "r"))
          .isInstanceOf(InvalidationFailedException.class)
          .hasMessageContaining("no answer");
    }
  }

  private static CloudFrontInvalidator at(String url) {
    return new CloudFrontInvalidator(
        "E1A2B3",
        Optional.of(URI.create(url)),
        StaticCredentialsProvider.create(AwsBasicCredentials.create("id", "key")));
  }

  private static ResponseDefinitionBuilder answer(int status, String body) {
    return aResponse()
        .withStatus(status)
        .withHeader("Content-Type", "text/xml")
        .withHeader("Location", "https://cloudfront.amazonaws.com" + URL + "/I1")
        .withBody(body);
  }

  private static String error(String code) {
    return """
        <ErrorResponse xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"><Error>\
        <Type>Sender</Type><Code>%s</Code><Message>no</Message></Error>\
        <RequestId>1</RequestId></ErrorResponse>"""
        .formatted(code);
  }
}
