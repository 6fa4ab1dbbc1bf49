package org.mor.throughput.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** A Parquet file, read by Parquet's own reader. */
public final class ReadParquet {
  private ReadParquet() {}

  /** The rows, each with the columns it has a value in, as text. */
  public static List<Map<String, String>> rows(Path file) {
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(new Inflating())
            .build();
    List<Map<String, String>> rows = new ArrayList<>();
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
      MessageType schema = reader.getFooter().getFileMetaData().getSchema();
      for (PageReadStore pages; (pages = reader.readNextRowGroup()) != null; ) {
        RecordReader<Group> records =
            new ColumnIOFactory()
                .getColumnIO(schema)
                .getRecordReader(pages, new GroupRecordConverter(schema));
        for (long i = 0; i < pages.getRowCount(); i++) {
          rows.add(row(schema, records.read()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  /** The schema as Parquet writes it down. */
  public static String schema(Path file) {
    ParquetReadOptions options =
        ParquetReadOptions.builder(new PlainParquetConfiguration())
            .withCodecFactory(new Inflating())
            .build();
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
      return reader.getFooter().getFileMetaData().getSchema().toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> row(MessageType schema, Group group) {
    Map<String, String> row = new LinkedHashMap<>();
    for (Type field : schema.getFields()) {
      String name = field.getName();
      if (group.getFieldRepetitionCount(name) > 0) {
        boolean decimal = field.toString().contains("DECIMAL(38,0)");
        row.put(
            name,
            decimal
                ? new BigInteger(group.getBinary(name, 0).getBytes()).toString()
                : group.getValueToString(schema.getFieldIndex(name), 0));
      }
    }
    return row;
  }

  /** Parquet's own inflater is Hadoop's. */
  private static final class Inflating implements CompressionCodecFactory {
    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
      throw new UnsupportedOperationException();
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
      return new BytesInputDecompressor() {
        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
          try (var in = new GZIPInputStream(bytes.toInputStream())) {
            return BytesInput.from(in.readAllBytes());
          }
        }

        @Override
        public void decompress(ByteBuffer in, int packed, ByteBuffer out, int size)
            throws IOException {
          byte[] bytes = new byte[packed];
          in.get(bytes);
          out.put(decompress(BytesInput.from(bytes), size).toInputStream().readAllBytes());
        }

        @Override
        public void release() {}
      };
    }

    @Override
    public void release() {}
  }
}
