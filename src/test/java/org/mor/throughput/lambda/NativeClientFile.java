package org.mor.throughput.lambda;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/**
 * The runtime client's native part in a file of its own: left alone, it unpacks itself to one path
 * for all processes, and a second one that starts takes it from under the first.
 */
final class NativeClientFile {
  private static final String PROPERTY =
      "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";

  private NativeClientFile() {}

  /** The JVM's flag that names the file, which is made first. */
  static String flag(Path file) throws IOException {
    assumeTrue(
        System.getProperty("os.name").startsWith("Linux"), "AWS's runtime client runs on Linux");
    boolean musl = Files.exists(Path.of("/etc/alpine-release"));
    String arch = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
    String name = "/jni/libaws-lambda-jni.linux%s-%s.so".formatted(musl ? "_musl" : "", arch);
    try (InputStream in = Objects.requireNonNull(AWSLambda.class.getResourceAsStream(name), name)) {
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
    }
    return "-D" + PROPERTY + "=" + file;
  }
}
