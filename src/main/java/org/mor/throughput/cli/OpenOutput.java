package org.mor.throughput.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/** Standard output for a long table: it fails when nobody reads it any more. */
final class OpenOutput extends Writer {
  private final PrintWriter out;

  OpenOutput(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void write(char[] text, int from, int length) throws IOException {
    out.write(text, from, length);
    check();
  }

  @Override
  public void flush() throws IOException {
    out.flush();
    check();
  }

  private void check() throws IOException {
    if (out.checkError()) {
      throw new IOException("its reader has closed it");
    }
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}
