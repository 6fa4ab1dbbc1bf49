package org.mor.throughput.demo;

import org.jspecify.annotations.Nullable;

/** A JSON-RPC error object to answer with. */
final class RpcFault extends Exception {
  static final int INVALID_REQUEST = -32600;
  static final int UNKNOWN_METHOD = -32601;
  static final int INVALID_PARAMS = -32602;
  static final int PARSE_ERROR = -32700;
  static final int SERVER_ERROR = -32000;
  static final int TOO_WIDE = -32614;
  static final int REVERTED = 3;

  private final int code;
  private final @Nullable String data;

  RpcFault(int code, String message) {
    this(code, message, null);
  }

  RpcFault(int code, String message, @Nullable String data) {
    super(message);
    this.code = code;
    this.data = data;
  }

  int code() {
    return code;
  }

  @Nullable String data() {
    return data;
  }

  String text() {
    return String.valueOf(getMessage());
  }
}
