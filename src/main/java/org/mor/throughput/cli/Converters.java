package org.mor.throughput.cli;

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

  static final class Count implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return (int) number(text, 1, Integer.MAX_VALUE, "a whole number from 1 on");
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
