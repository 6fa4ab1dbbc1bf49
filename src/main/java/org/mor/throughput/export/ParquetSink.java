package org.mor.throughput.export;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.jspecify.annotations.Nullable;

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
}
