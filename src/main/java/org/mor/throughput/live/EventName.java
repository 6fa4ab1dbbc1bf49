package org.mor.throughput.live;

import java.util.Arrays;
import java.util.Optional;

/** What a message tells of. */
enum EventName {
  SESSION_OPENED("SessionOpened"),
  SESSION_CLOSED("SessionClosed"),
  SESSION_EXPIRED("SessionExpired"),
  BID_POSTED("BidPosted"),
  BID_DELETED("BidDeleted"),
  MODEL_REGISTERED("ModelRegistered"),
  MODEL_DEREGISTERED("ModelDeregistered"),
  PROVIDER_REGISTERED("ProviderRegistered"),
  PROVIDER_DEREGISTERED("ProviderDeregistered"),
  SESSION_RETRACTED("SessionRetracted"),
  BLOCK_STAGE("BlockStage"),
  THROUGHPUT("Throughput"),
  CONTENTION("Contention");

  private final String text;

  EventName(String text) {
    this.text = text;
  }

  /** The name in messages. */
  String text() {
    return text;
  }

  /** Whether it happened in a block, and so goes through the stages and may be taken back. */
  boolean isOfBlock() {
    return compareTo(BLOCK_STAGE) < 0;
  }

  static Optional<EventName> named(String text) {
    return Arrays.stream(values()).filter(name -> name.text.equals(text)).findFirst();
  }
}
