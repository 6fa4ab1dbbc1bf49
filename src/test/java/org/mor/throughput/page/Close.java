package org.mor.throughput.page;

/** One closed session of the generated market. Speeds of 0 are no samples. */
record Close(
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

  boolean isFlagged() {
    return output > 2000 * Math.max(1, duration);
  }

  /** In schema 2, as docs/format.md has it. */
  String line() {
    long openedAt = closedAt - duration;
    return """
        {"schema":2,"sessionId":"%s","user":"%s","provider":"%s","bidId":"%s","modelId":"%s",\
        "modelName":"%s","openedAt":%d,"endsAt":%d,"closedAt":%d,"durationSeconds":%d,\
        "stakeWei":"1000000000000000000","pricePerSecondWei":"1000000000000","paidWei":"%d",\
        "closeoutType":%d,"directPayment":false,"receiptFormat":"seven-field",\
        "tpsScaled1000":%d,"ttftMs":%d,"inputTokens":%d,"outputTokens":%d,"receiptBytes":224,\
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
            tpsScaled1000,
            ttftMs,
            input,
            output,
            Market.FIRST_BLOCK + number,
            Ids.hex("77", 64, number),
            Market.LAST_BLOCK);
  }
}
