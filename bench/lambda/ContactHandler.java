package org.mor.throughput.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.mor.throughput.adapter.aws.CloudFrontInvalidator;
import org.mor.throughput.chain.HeadTag;
import org.mor.throughput.config.Config;
import org.mor.throughput.config.ConfigFile;
import org.mor.throughput.config.Need;
import org.mor.throughput.logging.LogFormat;
import org.mor.throughput.logging.LogLevel;
import org.mor.throughput.logging.Logging;
import org.mor.throughput.store.ObjectAttributes;
import org.mor.throughput.store.ObjectKey;
import org.mor.throughput.wiring.Graph;
import org.mor.throughput.wiring.Tempo;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * The function's own init, then what NaiveHandler does, with the function's own clients: with its
 * own log, or with Logback where that is among the libraries.
 */
public class ContactHandler implements RequestStreamHandler {
  private final Graph graph;

  public ContactHandler() {
    FunctionLog log;
    if (ContactHandler.class.getResource("/ch/qos/logback/classic/Logger.class") == null) {
      log = FunctionLogProvider.install();
    } else {
      log = new FunctionLog(System.out, Instant::now);
      Logging.use(LogFormat.JSON, LogLevel.INFO);
      LoggerFactory.getLogger(ContactHandler.class).info("init");
    }
    Config config =
        Config.parse(ConfigFile.ofProgram(System.getenv()), Need.RPC, Need.STORE, Need.START_BLOCK);
    graph = new Graph(config, Path.of("/tmp"), log.redactor(), Tempo.real());
    graph.connect();
    new RunRequestCodec();
    new RunReportCodec();
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context) {
    graph.chain().head(HeadTag.LATEST);
    String id = UUID.randomUUID().toString();
    graph
        .store()
        .create(new ObjectKey("bench/" + id), new byte[1_000], ObjectAttributes.PRIVATE_JSON);
    try (var cdn =
        new CloudFrontInvalidator(
            "E1A2B3",
            graph.config().aws().endpoint(),
            DefaultCredentialsProvider.builder().build())) {
      cdn.invalidate("/*", id);
    }
    LoggerFactory.getLogger(ContactHandler.class).info("{}", Optional.of(id));
  }
}
