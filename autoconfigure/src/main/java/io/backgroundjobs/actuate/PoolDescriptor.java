package io.backgroundjobs.actuate;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.backgroundjobs.PauseNote;
import io.backgroundjobs.PoolSnapshot;

/**
 * Description of a pool. The numbers belong together: they are those of one moment.
 *
 * @param name its name
 * @param limit how many places it has
 * @param active how many places are held
 * @param pending how many jobs wait, delayed ones included
 * @param pendingLimit how many jobs may wait
 * @param overrunning how many places are held by bodies that ignore their interrupt
 * @param callerRuns how many jobs run on their callers' threads
 * @param paused whether pending jobs are held back
 * @param pauseNote what is known of the last pause or resumption, or {@code null}
 * @since 1.0.0
 */
public record PoolDescriptor(String name, int limit, int active, int pending, int pendingLimit, int overrunning,
		int callerRuns, boolean paused, @Nullable PauseNoteDescriptor pauseNote) implements OperationResponseBody {

	static PoolDescriptor of(PoolSnapshot pool, @Nullable PauseNote note, ShownValues values) {
		return new PoolDescriptor(pool.name(), pool.limit(), pool.active(), pool.pending(), pool.pendingLimit(),
				pool.overrunning(), pool.callerRuns(), pool.paused(), PauseNoteDescriptor.of(note, values));
	}

}
