package org.mor.throughput.cli;

import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import org.mor.throughput.archive.RowKind;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.demo.MarketSettings;
import org.mor.throughput.export.TableFormat;
import org.mor.throughput.session.Month;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the options' values; each message says what is accepted. */
final class Converters {
  private Converters() {}

  static final class Block implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return number(text, 0, Long.MAX_VALUE, "a block number from 0 on");
    }
  }

  static final class BlockHash implements ITypeConverter<Hash32> {
    @Override
    public Hash32 convert(String text) {
      try {
        return Hash32.fromHex(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "'%s' is not a block hash: 0x and 64 hex digits".formatted(text));
      }
    }
  }

  static final class Count implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return (int) number(text, 1, Integer.MAX_VALUE, "a whole number from 1 on");
    }
  }

  /** As many sessions as a simulated market can have. */
  static final class Sessions implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      int fewest = MarketSettings.fewestSessions();
      int most = MarketSettings.MOST_SESSIONS;
      return (int)
          number(text, fewest, most, "a whole number from %d to %d".formatted(fewest, most));
    }
  }

  static final class CountOrNone implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return (int) number(text, 0, 10_000, "a whole number from 0 to 10000");
    }
  }

  static final class Port implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return (int) number(text, 0, 65_535, "a port from 0 (any free one) to 65535");
    }
  }

  static final class Time implements ITypeConverter<Duration> {
    private static final Map<String, ChronoUnit> UNITS =
        Map.of("ms", ChronoUnit.MILLIS, "s", ChronoUnit.SECONDS, "m", ChronoUnit.MINUTES);

    @Override
    public Duration convert(String text) {
      if (!text.matches("\\d{1,7}(ms|s|m)")) {
        throw new TypeConversionException(
            "'%s' is not a time such as 500ms, 60s or 5m".formatted(text));
      }
      String unit = text.replaceFirst("\\d+", "");
      return Duration.of(Long.parseLong(text.replace(unit, "")), UNITS.get(unit));
    }
  }

  static final class Partition implements ITypeConverter<Month> {
    @Override
    public Month convert(String text) {
      try {
        return Month.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("'%s' is not a month such as 2026-05".formatted(text));
      }
    }
  }

  static final class Day implements ITypeConverter<LocalDate> {
    @Override
    public LocalDate convert(String text) {
      try {
        return LocalDate.parse(text);
      } catch (DateTimeParseException e) {
        throw new TypeConversionException("'%s' is not a day such as 2026-05-31".formatted(text));
      }
    }
  }

  static final class Format implements ITypeConverter<TableFormat> {
    @Override
    public TableFormat convert(String text) {
      return Arrays.stream(TableFormat.values())
          .filter(format -> format.label().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' is not csv, ndjson or parquet".formatted(text)));
    }
  }

  static final class Rows implements ITypeConverter<RowKind> {
    @Override
    public RowKind convert(String text) {
      return switch (text) {
        case "closes" -> RowKind.CLOSES;
        case "opens" -> RowKind.OPENS;
        default -> throw new TypeConversionException("'%s' is not closes or opens".formatted(text));
      };
    }
  }

  private static long number(String text, long least, long most, String accepted) {
    try {
      long number = Long.parseLong(text);
      if (least <= number && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, in words of the option rather than of the parser.
    }
    throw new TypeConversionException("'%s' is not %s".formatted(text, accepted));
  }
}
