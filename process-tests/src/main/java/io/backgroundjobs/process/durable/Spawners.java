package io.backgroundjobs.process.durable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

import io.backgroundjobs.DurableJob;
import io.backgroundjobs.DurableJobs;

/**
 * Threads that spawn errands until a test says that it is enough.
 */
@Component
@ConditionalOnProperty(name = "durable.spawns", matchIfMissing = true)
class Spawners implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(Spawners.class);

	private static final int THREADS = 2;

	private final DurableJobs jobs;

	private final DurableJob<Errand> errand;

	private final TransactionTemplate transaction;

	private final Ledger ledger;

	private final long seed;

	private final long millis;

	private final long pause;

	private final List<Thread> threads = new ArrayList<>();

	private volatile boolean running;

	/**
	 * Create the threads' owner.
	 * @param seed what the errands are like
	 * @param millis how long each of them works, or 0 for what the seed says
	 * @param pause how long a thread rests between two of them, in milliseconds
	 */
	Spawners(DurableJobs jobs, DurableJob<Errand> errand, TransactionTemplate transaction, Ledger ledger,
			@Value("${durable.seed:0}") long seed, @Value("${durable.millis:0}") long millis,
			@Value("${durable.pause:0}") long pause) {
		this.jobs = jobs;
		this.errand = errand;
		this.transaction = transaction;
		this.ledger = ledger;
		this.seed = seed;
		this.millis = millis;
		this.pause = pause;
	}

	@Override
	public void start() {
		this.running = true;
		for (int i = 0; i < THREADS; i++) {
			Thread thread = new Thread(this::spawnAll, "spawner-" + i);
			this.threads.add(thread);
			thread.start();
		}
	}

	private void spawnAll() {
		try {
			for (long number = next(); number <= Handover.LAST; number = next()) {
				spawn((this.millis > 0) ? new Errand(number, this.millis, false) : Errand.random(number, this.seed));
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(this.pause));
			}
		}
		catch (RuntimeException ex) {
			logger.error("An errand was not spawned", ex);
		}
	}

	private long next() {
		return this.running ? this.ledger.next() : Long.MAX_VALUE;
	}

	private void spawn(Errand work) {
		switch (Handover.of(work.number())) {
			case COMMITTED -> this.transaction.executeWithoutResult((status) -> write(work));
			case COMMITTED_LATE -> this.transaction.executeWithoutResult((status) -> {
				write(work);
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(30));
			});
			case ROLLED_BACK -> rollBack(work);
			case ROLLED_BACK_SILENTLY -> this.transaction.executeWithoutResult((status) -> {
				write(work);
				status.setRollbackOnly();
			});
			case PLAIN -> write(work);
		}
	}

	private void rollBack(Errand work) {
		try {
			this.transaction.executeWithoutResult((status) -> {
				write(work);
				throw new UnsupportedOperationException("Not this one");
			});
		}
		catch (UnsupportedOperationException ex) {
			logger.trace("Rolled back", ex);
		}
	}

	private void write(Errand work) {
		this.jobs.spawn(this.errand, work);
		this.ledger.committed(work.number());
	}

	@Override
	public void stop() {
		this.running = false;
		try {
			for (Thread thread : this.threads) {
				thread.join();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.threads.clear();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
