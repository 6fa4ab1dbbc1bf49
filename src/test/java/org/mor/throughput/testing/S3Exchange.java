package org.mor.throughput.testing;

/**
 * One request that reached {@link StrictS3Server} and what became of it.
 *
 * @param operation what was asked; a refused method counts as the nearest one
 * @param key the object's key, or the prefix of a listing
 * @param condition such as {@code If-None-Match: *}; empty when there was none
 * @param status the status answered, 0 when no answer was sent
 * @param code the error code answered, or empty
 */
public record S3Exchange(
    S3Operation operation, String key, String condition, int status, String code) {}
