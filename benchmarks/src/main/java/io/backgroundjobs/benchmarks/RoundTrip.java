package io.backgroundjobs.benchmarks;

import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Work that is handed over to a pool at rest, and waited for.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RoundTrip {

	/** Who is asked. */
	@Param(Cell.OURS)
	public String contender = Cell.OURS;

	private Asked asked = () -> 0;

	/**
	 * Make the pool.
	 */
	@Setup(Level.Trial)
	public void open() {
		this.asked = Asked.named(this.contender);
	}

	/**
	 * Hand over and wait.
	 * @return what was computed
	 * @throws Exception never
	 */
	@Benchmark
	public Object roundTrip() throws Exception {
		return this.asked.ask();
	}

	/**
	 * End its threads.
	 */
	@TearDown(Level.Trial)
	public void close() {
		this.asked.close();
	}

}
