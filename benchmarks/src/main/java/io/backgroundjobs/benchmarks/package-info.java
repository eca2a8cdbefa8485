/**
 * Measures the engine beside what it would replace, each contender in a JVM of its own,
 * and writes the tables of the documentation.
 */
@NullMarked
package io.backgroundjobs.benchmarks;

import org.jspecify.annotations.NullMarked;
