package org.mor.throughput.publish;

import org.mor.throughput.store.ObjectKey;

/** A document ready to be stored: compact JSON in UTF-8 with one line end. */
@SuppressWarnings("ArrayRecordComponent") // content is handed over, never compared
public record Document(ObjectKey key, byte[] body) {}
