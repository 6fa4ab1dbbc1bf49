import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.UUID;
import org.mor.throughput.config.Config;
import org.mor.throughput.config.ConfigFile;
import org.mor.throughput.logging.LogFormat;
import org.mor.throughput.logging.LogLevel;
import org.mor.throughput.logging.Logging;
import org.slf4j.LoggerFactory;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.http.HttpService;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The same init as libraries come: web3j's core, the SDK's default HTTP client, Logback. */
public class NaiveHandler implements RequestStreamHandler {
  final Config config = Config.parse(ConfigFile.ofProgram(System.getenv()));
  final Web3j unused = Web3j.build(new HttpService("http://127.0.0.1:1"));
  final S3Client s3 = S3Client.builder().forcePathStyle(true).build();
  final SecretsManagerClient secrets = SecretsManagerClient.create();
  final CloudFrontClient cloudFront =
      CloudFrontClient.builder().region(Region.AWS_GLOBAL).build();

  public NaiveHandler() {
    Logging.use(LogFormat.JSON, LogLevel.INFO);
    LoggerFactory.getLogger(NaiveHandler.class).info("{}", config.network().name());
  }

  /** One contact with each of the four. */
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    String url = secrets.getSecretValue(r -> r.secretId("prd-rpc")).secretString();
    Web3j web3j = Web3j.build(new HttpService(url));
    web3j.ethGetBlockByNumber(DefaultBlockParameterName.LATEST, false).send().getBlock().getHash();
    String id = UUID.randomUUID().toString();
    s3.putObject(
        r -> r.bucket("site").key("api/throughput/" + id).ifNoneMatch("*"),
        RequestBody.fromBytes(new byte[1_000]));
    cloudFront.createInvalidation(
        r ->
            r.distributionId("E1A2B3")
                .invalidationBatch(b -> b.callerReference(id).paths(p -> p.quantity(1).items("/*"))));
    LoggerFactory.getLogger(NaiveHandler.class).info("{}", id);
  }
}
