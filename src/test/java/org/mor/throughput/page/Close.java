package org.mor.throughput.page;

/** One closed session of a generated market. Speeds of 0 are no samples. */
record Close(
    Form form,
    int number,
    int model,
    int provider,
    int user,
    long closedAt,
    long duration,
    boolean disputed,
    long tpsScaled1000,
    long ttftMs,
    long input,
    long output) {

  /** What its row looks like. */
  enum Form {
    SEVEN_FIELD,
    FIVE_FIELD,
    /** As an earlier indexer left it, without model and provider. */
    UNKNOWN_TO_AN_OLD_ROW
  }

  Close(
      int number,
      int model,
      int provider,
      int user,
      long closedAt,
      long duration,
      boolean disputed,
      long tpsScaled1000,
      long ttftMs,
      long input,
      long output) {
    this(
        Form.SEVEN_FIELD,
        number,
        model,
        provider,
        user,
        closedAt,
        duration,
        disputed,
        tpsScaled1000,
        ttftMs,
        input,
        output);
  }

  Close as(Form wanted) {
    return new Close(
        wanted,
        number,
        model,
        provider,
        user,
        closedAt,
        duration,
        disputed,
        tpsScaled1000,
        ttftMs,
        input,
        output);
  }

  boolean isFlagged() {
    return output > 2000 * Math.max(1, duration);
  }

  /** As docs/format.md has it. */
  String line() {
    return switch (form) {
      case SEVEN_FIELD -> line("seven-field", tokens(), 224);
      case FIVE_FIELD -> line("five-field", "", 160);
      case UNKNOWN_TO_AN_OLD_ROW ->
          """
          {"sessionId":"%s","user":"%s","openedAt":%d,"endsAt":%d,"closedAt":%d,"inputTokens":%d,\
          "outputTokens":%d,"blockNumber":%d}
          """
              .formatted(
                  Ids.session(number),
                  Ids.hex("ab", 40, user),
                  closedAt - duration,
                  closedAt,
                  closedAt,
                  input,
                  output,
                  Market.FIRST_BLOCK + number);
    };
  }

  private String tokens() {
    return "\"inputTokens\":%d,\"outputTokens\":%d,".formatted(input, output);
  }

  private String line(String receiptFormat, String tokens, int receiptBytes) {
    long openedAt = closedAt - duration;
    return """
        {"schema":2,"sessionId":"%s","user":"%s","provider":"%s","bidId":"%s","modelId":"%s",\
        "modelName":"%s","openedAt":%d,"endsAt":%d,"closedAt":%d,"durationSeconds":%d,\
        "stakeWei":"1000000000000000000","pricePerSecondWei":"1000000000000","paidWei":"%d",\
        "closeoutType":%d,"directPayment":false,"receiptFormat":"%s",\
        "tpsScaled1000":%d,"ttftMs":%d,%s"receiptBytes":%d,\
        "blockNumber":%d,"logIndex":1,"txHash":"%s","readAtBlock":%d}
        """
        .formatted(
            Ids.session(number),
            Ids.hex("ab", 40, user),
            Ids.provider(provider),
            Ids.hex("b1", 64, 100 * provider + model),
            Ids.model(model),
            Ids.modelName(model),
            openedAt,
            closedAt,
            closedAt,
            duration,
            1_000_000_000_000L * duration,
            disputed ? 1 : 0,
            receiptFormat,
            tpsScaled1000,
            ttftMs,
            tokens,
            receiptBytes,
            Market.FIRST_BLOCK + number,
            Ids.hex("77", 64, number),
            Market.LAST_BLOCK);
  }
}
