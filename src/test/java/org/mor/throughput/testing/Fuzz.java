package org.mor.throughput.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Feeds a boundary with spoilt inputs. It may accept them or refuse them with the errors it
 * promises, each within a second of processor time and {@value #MOST_MEGABYTES} MB.
 */
public final class Fuzz {
  /** What a boundary does with one input. */
  @FunctionalInterface
  public interface Boundary {
    void take(byte[] input);
  }

  private static final int MOST_MEGABYTES = 64;
  private static final long MOST_NANOS = 1_000_000_000;
  private static final int SHOWN = 400;
  private static final ThreadMXBean METER = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final String name;
  private final List<byte[]> valid;
  private final List<Class<? extends RuntimeException>> promised;
  private UnaryOperator<byte[]> packing = UnaryOperator.identity();
  private int share = 1;
  private long accepted;
  private long refused;
  private long slowest;
  private long largest;

  private Fuzz(String name, List<byte[]> valid, List<Class<? extends RuntimeException>> promised) {
    this.name = name;
    this.valid = valid;
    this.promised = promised;
  }

  /** A boundary that never throws. */
  public static Fuzz of(String name, List<byte[]> valid) {
    return new Fuzz(name, valid, List.of());
  }

  /** A boundary that may throw the {@code promised} error and no other. */
  public static Fuzz of(
      String name, List<byte[]> valid, Class<? extends RuntimeException> promised) {
    return new Fuzz(name, valid, List.of(promised));
  }

  /** What is done to an input after it was spoilt, such as compressing it. */
  public Fuzz packed(UnaryOperator<byte[]> with) {
    packing = with;
    return this;
  }

  /** A slow boundary gets one input in {@code part}. */
  public Fuzz slow(int part) {
    share = part;
    return this;
  }

  /** As many inputs as {@code fuzz.inputs} says, or the one that {@code fuzz.only} names. */
  public void feed(Boundary boundary) {
    valid.forEach(input -> boundary.take(packing.apply(input)));
    String only = System.getProperty("fuzz.only");
    if (only != null) {
      one(Long.parseLong(only), boundary);
      return;
    }
    long first = Long.getLong("fuzz.seed", 1);
    long inputs = Math.max(1, Long.getLong("fuzz.inputs", 20_000) / share);
    for (long seed = first; seed < first + inputs; seed++) {
      one(seed, boundary);
    }
    System.out.printf(
        "fuzz %s: %d inputs, %d accepted, %d refused; slowest %.1f ms, largest %.1f MB%n",
        name, inputs, accepted, refused, slowest / 1e6, largest / 1e6);
    assertThat(accepted).as("inputs of %s that were accepted", name).isPositive();
    assertThat(refused > 0).as("refusals of %s", name).isEqualTo(!promised.isEmpty());
  }

  private void one(long seed, Boundary boundary) {
    byte[] input = packing.apply(Mutations.of(seed, valid));
    long bytes = METER.getCurrentThreadAllocatedBytes();
    long nanos = METER.getCurrentThreadCpuTime();
    try {
      boundary.take(input);
      accepted++;
    } catch (RuntimeException e) {
      if (promised.stream().noneMatch(type -> type.isInstance(e))) {
        throw new AssertionError(said(seed, input, "an error that is not promised: " + e), e);
      }
      refused++;
    } catch (Error e) { // so that the seed of a stack overflow is known
      throw new AssertionError(said(seed, input, e.toString()), e);
    }
    nanos = METER.getCurrentThreadCpuTime() - nanos;
    bytes = METER.getCurrentThreadAllocatedBytes() - bytes;
    if (nanos > MOST_NANOS || bytes > MOST_MEGABYTES * 1_000_000L) {
      throw new AssertionError(said(seed, input, nanos + " ns and " + bytes + " bytes"));
    }
    slowest = Math.max(slowest, nanos);
    largest = Math.max(largest, bytes);
  }

  private String said(long seed, byte[] input, String what) {
    String hex = HexFormat.of().formatHex(input);
    return "%s, input of -Dfuzz.only=%d: %s; %d bytes: %s"
        .formatted(name, seed, what, input.length, hex.substring(0, Math.min(SHOWN, hex.length())));
  }
}
