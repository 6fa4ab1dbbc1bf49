package org.mor.throughput.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.export.TableFormat.RowSink;

/**
 * Parquet with the JDK's gzip. A row group of 16 MiB is what is held in memory.
 *
 * <p>Parquet's classes name Hadoop's in their signatures; nothing here calls one, and none is there
 * when the program runs.
 */
final class ParquetSink implements RowSink {
  private static final long ROW_GROUP_BYTES = 16L << 20;

  private final ParquetWriter<List<@Nullable Object>> writer;

  ParquetSink(List<? extends TableColumn<?>> columns, OutputStream out) throws IOException {
    writer =
        new Builder(new StreamOutputFile(out), columns)
            .withConf(new PlainParquetConfiguration())
            .withCodecFactory(new GzipPages())
            .withCompressionCodec(CompressionCodecName.GZIP)
            .withRowGroupSize(ROW_GROUP_BYTES)
            .build();
  }

  @Override
  public void row(List<@Nullable Object> values) throws IOException {
    writer.write(values);
  }

  @Override
  public void finish() throws IOException {
    writer.close();
  }

  private static final class Builder
      extends ParquetWriter.Builder<List<@Nullable Object>, Builder> {
    private final List<? extends TableColumn<?>> columns;

    Builder(OutputFile file, List<? extends TableColumn<?>> columns) {
      super(file);
      this.columns = columns;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract still
    protected WriteSupport<List<@Nullable Object>> getWriteSupport(Configuration unused) {
      return new ParquetRows(columns);
    }

    @Override
    protected WriteSupport<List<@Nullable Object>> getWriteSupport(ParquetConfiguration unused) {
      return new ParquetRows(columns);
    }
  }

  /**
   * A stream as the file Parquet writes from its first to its last byte; it is flushed, not closed.
   */
  private static final class StreamOutputFile implements OutputFile {
    private final OutputStream out;

    StreamOutputFile(OutputStream out) {
      this.out = out;
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return new Counted(out);
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return new Counted(out);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }

    private static final class Counted extends PositionOutputStream {
      private final OutputStream out;
      private long position;

      Counted(OutputStream out) {
        this.out = out;
      }

      @Override
      public long getPos() {
        return position;
      }

      @Override
      public void write(int one) throws IOException {
        out.write(one);
        position++;
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
        position += length;
      }

      @Override
      public void flush() throws IOException {
        out.flush();
      }

      @Override
      public void close() throws IOException {
        out.flush();
      }
    }
  }

  /** Compresses pages with the JDK; Parquet's own way to gzip is through Hadoop. */
  private static final class GzipPages implements CompressionCodecFactory {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
      return new Gzip();
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
      throw new UnsupportedOperationException("Tables are written here, not read");
    }

    @Override
    public void release() {
      // Nothing is kept from page to page.
    }

    private static final class Gzip implements BytesInputCompressor {
      @Override
      public BytesInput compress(BytesInput bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
          bytes.writeAllTo(gzip);
        }
        return BytesInput.from(packed.toByteArray());
      }

      @Override
      public CompressionCodecName getCodecName() {
        return CompressionCodecName.GZIP;
      }

      @Override
      public void release() {
        // Nothing is kept from page to page.
      }
    }
  }
}
