package org.mor.throughput.rollup;

import java.util.List;
import java.util.Map;
import org.mor.throughput.chain.Address;
import org.mor.throughput.chain.Hash32;
import org.mor.throughput.session.OpenRow.OpenFacts;

/**
 * All figures of one chain state. Series are oldest first and dense; breakdowns have most tokens
 * first, ties by id.
 *
 * @param hourly the 336 hours that end with asOf's
 * @param hourlyVolumes the same hours by model and provider
 * @param daily the 365 days that end with asOf's, from the first day with data on
 * @param weekly from the first week with data on; so is monthly
 * @param modelNames the name of each model of byModel in its newest close, as it stands in the row
 * @param performance speed and volume by model, provider and size of session
 * @param recommendations the best-measured providers, or why there is none; by model, measure,
 *     class
 * @param closes when the first and the last close were
 * @param unclosedOpens opens without a close up to asOf, by time, then by id
 */
public record Rollup(
    AsOf asOf,
    Windows windows,
    List<Bucket> hourly,
    HourlyVolumes hourlyVolumes,
    List<Bucket> daily,
    List<Bucket> weekly,
    List<Bucket> monthly,
    List<Breakdown<Hash32>> byModel,
    List<Breakdown<Address>> byProvider,
    Map<Hash32, String> modelNames,
    Performance performance,
    List<Recommendation> recommendations,
    CloseSpan closes,
    List<OpenFacts> unclosedOpens) {}
