import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.InputStream;
import java.io.OutputStream;
import org.mor.throughput.config.Config;
import org.mor.throughput.config.ConfigFile;
import org.mor.throughput.logging.LogFormat;
import org.mor.throughput.logging.LogLevel;
import org.mor.throughput.logging.Logging;
import org.slf4j.LoggerFactory;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.http.HttpService;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The same init as libraries come: web3j's core, the SDK's default HTTP client, Logback. */
public class NaiveHandler implements RequestStreamHandler {
  final Config config = Config.parse(ConfigFile.ofProgram(System.getenv()));
  final Web3j web3j = Web3j.build(new HttpService("http://127.0.0.1:1"));
  final S3Client s3 = S3Client.create();
  final SecretsManagerClient secrets = SecretsManagerClient.create();
  final CloudFrontClient cloudFront =
      CloudFrontClient.builder()
          .region(software.amazon.awssdk.regions.Region.AWS_GLOBAL)
          .build();

  public NaiveHandler() {
    Logging.use(LogFormat.JSON, LogLevel.INFO);
    LoggerFactory.getLogger(NaiveHandler.class).info("{}", config.network().name());
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context) {}
}
