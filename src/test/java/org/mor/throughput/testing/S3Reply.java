package org.mor.throughput.testing;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** An answer of {@link StrictS3Server}. */
@SuppressWarnings("ArrayRecordComponent") // written out once, never compared
record S3Reply(int status, String code, Map<String, String> headers, byte[] body) {
  static S3Reply ok(Map<String, String> headers, byte[] body) {
    return new S3Reply(200, "", headers, body);
  }

  static S3Reply error(int status, String code) {
    return error(status, code, code);
  }

  static S3Reply error(int status, String code, String message) {
    String xml =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>%s</Code><Message>%s</Message></Error>"
            .formatted(code, message);
    return new S3Reply(
        status,
        code,
        Map.of("Content-Type", "application/xml"),
        xml.getBytes(StandardCharsets.UTF_8));
  }
}
