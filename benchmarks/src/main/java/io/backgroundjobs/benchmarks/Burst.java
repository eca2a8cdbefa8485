package io.backgroundjobs.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Work that is handed over in bursts of a thousand.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Burst {

	static final int JOBS = 1_000;

	/** Which kind of taker. */
	@Param("PLAIN")
	public Takers.Kind kind = Takers.Kind.PLAIN;

	/** Who takes the work. */
	@Param(Cell.OURS)
	public String contender = Cell.OURS;

	/** How many threads or places there are. */
	@Param("2")
	public int size;

	private Taker taker = Runnable::run;

	/**
	 * Make the taker.
	 */
	@Setup(Level.Trial)
	public void open() {
		this.taker = this.kind.open(this.contender, this.size);
	}

	/**
	 * Hand a thousand pieces of work over, and wait until all have been done.
	 * @throws Exception never
	 */
	@Benchmark
	@OperationsPerInvocation(JOBS)
	public void burst() throws Exception {
		CountDownLatch done = new CountDownLatch(JOBS);
		Taker current = this.taker;
		Runnable work = done::countDown;
		for (int i = 0; i < JOBS; i++) {
			current.take(work);
		}
		done.await();
	}

	/**
	 * End its threads.
	 */
	@TearDown(Level.Trial)
	public void close() {
		this.taker.close();
	}

}
