package org.mor.throughput.lambda;

import java.io.PrintStream;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** Makes SLF4J write to the {@link FunctionLog}. Public for SLF4J only. */
public final class FunctionLogProvider implements SLF4JServiceProvider {
  private final IMarkerFactory markers = new BasicMarkerFactory();
  private final MDCAdapter context = new NOPMDCAdapter();
  private final Factory factory = new Factory(System.out);

  private static final class Factory implements ILoggerFactory {
    private final ConcurrentMap<String, Logger> loggers = new ConcurrentHashMap<>();
    private final FunctionLog log;

    Factory(PrintStream out) {
      this.log = new FunctionLog(out, Instant::now);
    }

    @Override
    public Logger getLogger(String name) {
      return loggers.computeIfAbsent(name, wanted -> new FunctionLogger(wanted, log));
    }
  }

  /** Takes over SLF4J, which must not have been used yet, and returns the log behind it. */
  static FunctionLog install() {
    System.setProperty("slf4j.internal.verbosity", "WARN"); // else it says that it found the next
    System.setProperty(LoggerFactory.PROVIDER_PROPERTY_KEY, FunctionLogProvider.class.getName());
    if (LoggerFactory.getILoggerFactory() instanceof Factory installed) {
      return installed.log;
    }
    throw new IllegalStateException(
        "Another logging library took SLF4J first: %s; leave it out of the function's zip"
            .formatted(LoggerFactory.getILoggerFactory().getClass().getName()));
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return factory;
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return markers;
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return context;
  }

  @Override
  public String getRequestedApiVersion() {
    return "2.0.99";
  }

  @Override
  public void initialize() {
    // Everything is made with the provider.
  }
}
