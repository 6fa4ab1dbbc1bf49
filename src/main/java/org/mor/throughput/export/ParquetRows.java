package org.mor.throughput.export;

import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Wei;

/**
 * Rows as Parquet sees them: every column optional, amounts in wei as DECIMAL(38, 0). Behind the
 * columns each time stands once more, as a TIMESTAMP in UTC.
 */
final class ParquetRows extends WriteSupport<List<@Nullable Object>> {
  private static final int DIGITS = 38;
  private static final int DECIMAL_BYTES = 16;
  private static final BigInteger TOO_LARGE = BigInteger.TEN.pow(DIGITS);

  /** 9999-12-31T23:59:59Z. Later seconds stand in their integer only: few programs read them. */
  private static final long LATEST = 253_402_300_799L;

  private final List<? extends TableColumn<?>> columns;
  private @Nullable RecordConsumer consumer;

  ParquetRows(List<? extends TableColumn<?>> columns) {
    this.columns = columns;
  }

  @Override
  @SuppressWarnings("deprecation") // abstract still
  public WriteContext init(Configuration unused) {
    return context();
  }

  @Override
  public WriteContext init(ParquetConfiguration unused) {
    return context();
  }

  private WriteContext context() {
    Type[] fields =
        Stream.concat(
                columns.stream().map(ParquetRows::type),
                columns.stream().filter(ParquetRows::isTime).map(ParquetRows::timestamp))
            .toArray(Type[]::new);
    return new WriteContext(new MessageType("sessions", fields), Map.of());
  }

  private static Type type(TableColumn<?> column) {
    return switch (column.kind()) {
      case NUMBER, TIME -> Types.optional(INT64).named(column.name());
      case FLAG -> Types.optional(BOOLEAN).named(column.name());
      case TEXT ->
          Types.optional(BINARY).as(LogicalTypeAnnotation.stringType()).named(column.name());
      case WEI ->
          Types.optional(FIXED_LEN_BYTE_ARRAY)
              .length(DECIMAL_BYTES)
              .as(LogicalTypeAnnotation.decimalType(0, DIGITS))
              .named(column.name());
    };
  }

  private static boolean isTime(TableColumn<?> column) {
    return column.kind() == TableColumn.Kind.TIME;
  }

  private static Type timestamp(TableColumn<?> column) {
    return Types.optional(INT64)
        .as(LogicalTypeAnnotation.timestampType(true, LogicalTypeAnnotation.TimeUnit.MILLIS))
        .named(utc(column));
  }

  private static String utc(TableColumn<?> column) {
    return column.name() + "Utc";
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    consumer = recordConsumer;
  }

  @Override
  public void write(List<@Nullable Object> values) {
    RecordConsumer to = Objects.requireNonNull(consumer);
    to.startMessage();
    for (int i = 0; i < values.size(); i++) {
      Object value = values.get(i);
      if (value != null) {
        String name = columns.get(i).name();
        to.startField(name, i);
        add(name, value, to);
        to.endField(name, i);
      }
    }
    addTimestamps(values, to);
    to.endMessage();
  }

  private void addTimestamps(List<@Nullable Object> values, RecordConsumer to) {
    int field = columns.size();
    for (int i = 0; i < columns.size(); i++) {
      if (isTime(columns.get(i))) {
        if (values.get(i) instanceof Long seconds && 0 <= seconds && seconds <= LATEST) {
          String name = utc(columns.get(i));
          to.startField(name, field);
          to.addLong(seconds * 1000);
          to.endField(name, field);
        }
        field++;
      }
    }
  }

  private static void add(String name, Object value, RecordConsumer to) {
    if (value instanceof Long number) {
      to.addLong(number);
    } else if (value instanceof Boolean flag) {
      to.addBoolean(flag);
    } else if (value instanceof Wei amount) {
      to.addBinary(decimal(name, amount.value()));
    } else {
      to.addBinary(Binary.fromString((String) value));
    }
  }

  private static Binary decimal(String name, BigInteger amount) {
    if (amount.compareTo(TOO_LARGE) >= 0) {
      throw new DoesNotFitException(
          "%s %s has more than %d digits, which Parquet's exact numbers do not hold\nnext: export as csv or ndjson, or leave its month out"
              .formatted(name, amount, DIGITS));
    }
    byte[] digits = amount.toByteArray();
    byte[] padded = new byte[DECIMAL_BYTES];
    System.arraycopy(digits, 0, padded, DECIMAL_BYTES - digits.length, digits.length);
    return Binary.fromConstantByteArray(padded);
  }
}
