package org.mor.throughput.doctor;

import org.mor.throughput.adapter.rpc.EndpointProbe;
import org.mor.throughput.adapter.rpc.EndpointProbe.Finding.Level;

/**
 * One thing found out.
 *
 * @param subject what was looked at: an endpoint's host, the store, the clock
 * @param topic which side of it
 * @param found what was found
 * @param next what a person does about it; empty for FINE
 */
public record Finding(String subject, String topic, Level level, String found, String next) {
  public Finding {
    if (level != Level.FINE && next.isEmpty()) {
      throw new IllegalArgumentException("Nothing to do about %s: %s".formatted(topic, found));
    }
  }

  static Finding of(String subject, EndpointProbe.Finding probed) {
    return new Finding(subject, probed.topic(), probed.level(), probed.found(), probed.next());
  }

  static Finding fine(String subject, String topic, String found) {
    return new Finding(subject, topic, Level.FINE, found, "");
  }

  static Finding act(String subject, String topic, String found, String next) {
    return new Finding(subject, topic, Level.ACT, found, next);
  }
}
