package org.mor.throughput.live;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.contract.CloseoutReceipt;
import org.mor.throughput.contract.MarketEvent;
import org.mor.throughput.live.Message.Draft;
import org.mor.throughput.session.CloseFacts;
import org.mor.throughput.session.CloseRow;
import org.mor.throughput.session.OpenRow;
import org.mor.throughput.session.SessionClose;
import org.mor.throughput.session.SessionOpen;
import org.mor.throughput.session.SessionRow;
import org.mor.throughput.session.UserId;
import org.mor.throughput.session.UserPrivacy;

/**
 * Writes rows as events, alike whether they were just read or stored long ago. Amounts of wei are
 * texts, because they exceed what JSON numbers hold exactly.
 *
 * @param showUsers whether users are sent, as {@code privacy} writes them
 * @param showSessions whether session ids and transaction hashes are sent, which lead to users
 */
record Payloads(boolean showUsers, boolean showSessions, UserPrivacy privacy) {

  /** The event that made the row. */
  Draft event(SessionRow row, Stage stage) {
    ObjectNode payload = JsonNodeFactory.instance.objectNode();
    boolean isOpen = row instanceof OpenRow;
    if (row instanceof OpenRow open) {
      open(payload, open);
    } else {
      close(payload, (CloseRow) row);
    }
    return Draft.of(
        isOpen ? EventName.SESSION_OPENED : EventName.SESSION_CLOSED,
        stage,
        row.position().block(),
        row.position().logIndex(),
        shown(txHash(row)),
        row.eventTime(),
        payload,
        row.sessionId().toHex());
  }

  private @Nullable String shown(@Nullable Hash32 txHash) {
    return showSessions ? text(txHash) : null;
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }

  /**
   * What was told of a bid, a model or a provider.
   *
   * @param time of the block, in Unix seconds
   */
  Draft event(MarketEvent event, long time) {
    ObjectNode payload = JsonNodeFactory.instance.objectNode();
    payload.put("provider", text(event.provider())).put("model_id", text(event.modelId()));
    payload.put("bid_id", text(event.bidId())).put("owner", text(event.owner()));
    return Draft.of(
        EventName.valueOf(event.kind().name()),
        Stage.PROPOSED,
        event.position().block(),
        event.position().logIndex(),
        shown(event.txHash()),
        time,
        payload,
        event.subject());
  }

  private void open(ObjectNode payload, OpenRow row) {
    subject(payload, row.sessionId(), row.user(), row.provider(), row.modelId());
    payload.put("bid_id", row instanceof SessionOpen full ? full.bidId().toHex() : null);
    payload.put("opened_at", row.openedAt());
    payload.put("ends_at", row.endsAt() == 0 ? null : (Long) row.endsAt());
    payload.put("stake_wei", row.stake().toString());
    payload.put(
        "direct_payment", row instanceof SessionOpen full ? (Boolean) full.directPayment() : null);
  }

  private void close(ObjectNode payload, CloseRow row) {
    CloseFacts facts = row.facts();
    SessionClose full = row instanceof SessionClose close ? close : null;
    subject(payload, row.sessionId(), facts.user(), facts.provider(), facts.modelId());
    String name = facts.modelName();
    payload.put("model_name", name == null || name.isEmpty() ? null : name);
    payload.put("bid_id", full == null ? null : full.bidId().toHex());
    payload.put("opened_at", facts.openedAt() == 0 ? null : (Long) facts.openedAt());
    payload.put("ends_at", full == null ? null : (Long) full.endsAt());
    payload.put("closed_at", facts.closedAt());
    payload.put("duration_seconds", facts.durationSeconds());
    payload.put("price_per_second_wei", full == null ? null : full.pricePerSecond().toString());
    payload.put("earned_wei", facts.earned().toString());
    payload.put("stake_wei", facts.stake().toString());
    payload.put("direct_payment", full == null ? null : (Boolean) full.directPayment());
    payload.put("disputed", facts.disputed());
    payload.put("early", facts.early());
    receipt(payload.putObject("receipt"), facts);
  }

  private static void receipt(ObjectNode json, CloseFacts facts) {
    CloseoutReceipt receipt = facts.receipt();
    CloseFacts.TokenTotals tokens = facts.tokenTotals();
    json.put("format", receipt == null ? null : receipt.format().label());
    json.put("input_tokens", tokens == null ? null : (Long) tokens.input());
    json.put("output_tokens", tokens == null ? null : (Long) tokens.output());
    json.put("tps_scaled_1000", receipt == null ? null : number(receipt.tpsScaled1000()));
    json.put("ttft_ms", receipt == null ? null : number(receipt.ttftMs()));
  }

  private static @Nullable Long number(OptionalLong value) {
    return value.isPresent() ? value.getAsLong() : null;
  }

  private void subject(
      ObjectNode payload,
      Hash32 session,
      @Nullable UserId user,
      @Nullable Address provider,
      @Nullable Hash32 model) {
    if (showSessions) {
      payload.put("session_id", session.toHex());
    }
    if (showUsers) {
      payload.put("user", user == null ? null : privacy.stored(user).toHex());
    }
    payload.put("provider", text(provider)).put("model_id", text(model));
  }

  private static @Nullable Hash32 txHash(SessionRow row) {
    if (row instanceof SessionOpen open) {
      return open.txHash();
    }
    return row instanceof SessionClose close ? close.txHash() : null;
  }

  /** A session whose end has passed by the end of a block without a close. */
  Draft expired(Market.Open session, long block, long time) {
    ObjectNode payload = JsonNodeFactory.instance.objectNode();
    if (showSessions) {
      payload.put("session_id", session.id());
    }
    payload.put("provider", session.provider()).put("model_id", session.model());
    payload.put("ends_at", session.endsAt());
    return Draft.of(
        EventName.SESSION_EXPIRED, Stage.PROPOSED, block, -1, null, time, payload, session.id());
  }

  /** Takes back what was said of a block that the chain has left. */
  static Draft retraction(Draft event, long seqno) {
    Message.Key key = event.key();
    ObjectNode payload = JsonNodeFactory.instance.objectNode();
    payload.put("retracts", key.name().text());
    payload.put("retracted_seqno", seqno);
    payload.put("reached_stage", key.stage() == null ? null : key.stage().label());
    if (event.payload().has("session_id")) {
      payload.set("session_id", event.payload().get("session_id"));
    }
    payload.put("provider", key.provider()).put("model_id", key.model());
    return Draft.of(
        EventName.SESSION_RETRACTED,
        Stage.REJECTED,
        key.block(),
        event.logIndex(),
        event.json().path("tx_hash").textValue(),
        event.timestamp(),
        payload,
        event.secret());
  }
}
