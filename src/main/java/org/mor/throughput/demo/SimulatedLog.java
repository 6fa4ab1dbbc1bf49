package org.mor.throughput.demo;

/** One SessionOpened or SessionClosed log. */
record SimulatedLog(long block, int index, SimulatedSession session, boolean close) {}
