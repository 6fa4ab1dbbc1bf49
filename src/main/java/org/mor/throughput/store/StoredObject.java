package org.mor.throughput.store;

/**
 * An object's whole content and its version. The array is the caller's to keep; nobody else holds
 * it.
 */
@SuppressWarnings("ArrayRecordComponent") // content is handed over, never compared
public record StoredObject(byte[] body, ObjectVersion version) {}
