package org.mor.throughput.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The faults still to come. The first one that matches counts the request, and no other does. */
final class S3Faults {
  private final List<S3Fault> pending = new ArrayList<>();

  synchronized void add(S3Fault fault) {
    pending.add(fault);
  }

  synchronized void clear() {
    pending.clear();
  }

  synchronized Optional<S3Fault> take(S3Operation operation, String key) {
    for (int i = 0; i < pending.size(); i++) {
      S3Fault fault = pending.get(i);
      if (!fault.matches(operation, key)) {
        continue;
      }
      if (fault.skip() > 0) {
        pending.set(i, fault.nth(fault.skip()));
        return Optional.empty();
      }
      if (fault.times() > 1) {
        pending.set(i, fault.times(fault.times() - 1));
      } else {
        pending.remove(i);
      }
      return Optional.of(fault);
    }
    return Optional.empty();
  }
}
