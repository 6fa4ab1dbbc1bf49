package org.mor.throughput.proof;

import org.mor.throughput.session.Month;

/**
 * How far the walk had come at the end of a month's opens.
 *
 * @param version of the partition that was walked; when it is another one, the month is walked
 *     again
 */
public record MonthMark(Month month, String version, NonceWalk.Progress progress) {}
