package org.mor.throughput.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.mor.throughput.logging.Logging;
import org.mor.throughput.wiring.Tempo;
import picocli.CommandLine;

/** The command line's entry point. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    // The JDK's HTTP server sends head and body apart; without this each answer waits 40 ms for an
    // ack.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    PrintWriter out = utf8(FileDescriptor.out);
    PrintWriter err = utf8(FileDescriptor.err);
    Surroundings surroundings =
        new Surroundings(
            System.getenv(),
            Path.of(System.getProperty("indexer.home", "")).toAbsolutePath(),
            progress(err),
            err,
            Logging.redactor());
    CommandLine commands = Indexer.create(surroundings, Tempo.real());
    int code;
    try {
      code = commands.setOut(out).setErr(err).execute(args);
    } catch (Error e) { // picocli hands over exceptions only
      code = new Failures(surroundings.redactor()).report(e, err);
    }
    out.flush();
    err.flush();
    System.exit(code);
  }

  private static ProgressReporter progress(PrintWriter err) {
    // The launcher knows whether standard error is a terminal; the JDK does not.
    return Boolean.getBoolean("indexer.terminal")
        ? new BarProgress(
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8))
        : new PlainProgress(err, System::nanoTime);
  }

  private static PrintWriter utf8(FileDescriptor target) {
    return new PrintWriter(new FileOutputStream(target), true, StandardCharsets.UTF_8);
  }
}
