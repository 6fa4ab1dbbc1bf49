package org.mor.throughput.publish;

import java.util.OptionalLong;
import java.util.SortedMap;
import org.mor.throughput.rollup.AsOf;

/**
 * What a stored document says of itself.
 *
 * @param headBlock the chain's head as the summary knew it; empty in other documents, and where
 *     nobody had asked
 * @param documents the SHA-256 in hex that the summary gives each other document, by key; empty in
 *     other documents
 */
public record StoredDocument(
    AsOf asOf, OptionalLong headBlock, SortedMap<String, String> documents) {}
