package org.mor.throughput.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** AWS's emulator of the runtime with one environment of the packaged function. */
final class Emulator implements AutoCloseable {
  private final Process process;
  private final String address;

  /**
   * The command is in a file: the emulator would take Java's options for its own.
   *
   * @param file the emulator
   * @param zip the unpacked function
   * @param log the emulator's and the function's; files beside it have its name
   */
  Emulator(String file, Path zip, Map<String, String> variables, Path log) throws IOException {
    String java =
        FunctionProcess.command(Path.of(log + ".so")).stream()
            .map("'%s'"::formatted)
            .collect(Collectors.joining(" "));
    Path bootstrap = Files.writeString(Path.of(log + ".sh"), "#!/bin/sh\nexec " + java);
    assertThat(bootstrap.toFile().setExecutable(true)).isTrue();
    address = "127.0.0.1:" + freePort();
    ProcessBuilder builder =
        new ProcessBuilder(
            file,
            "--runtime-interface-emulator-address",
            address,
            "--runtime-api-address",
            "127.0.0.1:" + freePort(),
            bootstrap.toString(),
            FunctionProcess.HANDLER);
    builder.directory(zip.toFile());
    builder.environment().keySet().retainAll(List.of("PATH", "HOME", "LANG"));
    builder.environment().putAll(FunctionProcess.lambda(zip));
    builder.environment().putAll(variables);
    process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  /** Where it takes invocations, once it listens. */
  URI url() {
    return URI.create("http://" + address + "/2015-03-31/functions/function/invocations");
  }

  boolean isAlive() {
    return process.isAlive();
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }
}
