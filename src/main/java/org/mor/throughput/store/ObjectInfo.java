package org.mor.throughput.store;

/** One entry of a listing. */
public record ObjectInfo(ObjectKey key, long size, ObjectVersion version) {}
