package org.mor.throughput.report;

/** One file of a report: its name, and its whole text. */
public record ReportFile(String name, String text) {}
