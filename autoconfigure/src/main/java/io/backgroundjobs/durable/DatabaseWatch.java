package io.backgroundjobs.durable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether the database answers. While it does not, nothing of ours asks it but one
 * look at each heartbeat, and the log has one line for the begin and one for the end.
 * Thread-safe.
 */
final class DatabaseWatch {

	private static final Logger logger = LoggerFactory.getLogger(DatabaseWatch.class);

	/** How long a connection may take to prove that it is one, in seconds. */
	private static final int PROOF = 2;

	private final DataSource dataSource;

	private final Duration interval;

	private final Clock clock;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition answered = this.lock.newCondition();

	private volatile @Nullable Instant unavailableSince;

	/** When the last outage ended; before any, long ago. */
	private volatile Instant answeringSince = Instant.MIN;

	private volatile boolean closed;

	DatabaseWatch(DataSource dataSource, Duration interval, Clock clock) {
		this.dataSource = dataSource;
		this.interval = interval;
		this.clock = clock;
	}

	@Nullable Instant unavailableSince() {
		return this.unavailableSince;
	}

	/**
	 * Whether it has answered for some time.
	 */
	boolean answersFor(Duration time) {
		return this.unavailableSince == null && !this.clock.instant().minus(time).isBefore(this.answeringSince);
	}

	/**
	 * Ask the database whether it is there.
	 * @return whether it is
	 */
	boolean look() {
		try (Connection connection = this.dataSource.getConnection()) {
			if (!connection.isValid(PROOF)) {
				throw new SQLException("The connection is not valid");
			}
			answers();
			return true;
		}
		catch (SQLException ex) {
			missing(ex);
			return false;
		}
	}

	/**
	 * Something that went wrong may be due to the database: wait until it answers again.
	 * @return whether to try again
	 */
	boolean awaitAnswer(RuntimeException failure) {
		if (this.unavailableSince == null && look()) {
			// It answers, and does not do what was asked.
			return false;
		}
		this.lock.lock();
		try {
			while (this.unavailableSince != null && !this.closed) {
				this.answered.await();
			}
			return !this.closed;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			failure.addSuppressed(ex);
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Let nobody wait any more.
	 */
	void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.answered.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	void open() {
		this.closed = false;
	}

	private void answers() {
		if (this.unavailableSince == null) {
			return;
		}
		this.lock.lock();
		try {
			Instant since = this.unavailableSince;
			if (since != null) {
				logger.info("The database of the durable jobs answers again, after {}",
						Duration.between(since, this.clock.instant()));
				this.unavailableSince = null;
				this.answeringSince = this.clock.instant();
				this.answered.signalAll();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void missing(SQLException failure) {
		this.lock.lock();
		try {
			if (this.unavailableSince == null && !this.closed) {
				logger.warn(
						"The database of the durable jobs does not answer. They wait, and go on by themselves "
								+ "when it does; it is asked again each {}. Jobs in memory are not affected",
						this.interval, failure);
				this.unavailableSince = this.clock.instant();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}
