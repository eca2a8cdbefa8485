package io.backgroundjobs.engine;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.backgroundjobs.PoolResource;

/**
 * The resources of all pools: opened in their order, closed in the reverse one. Guarded
 * by the lock of the engine's start and stop.
 */
final class PoolResources {

	private static final Logger logger = LoggerFactory.getLogger(PoolResources.class);

	private final List<PoolResource> resources;

	private final Deque<PoolResource> open = new ArrayDeque<>();

	PoolResources(List<PoolResource> resources) {
		this.resources = List.copyOf(resources);
	}

	/**
	 * Open all, or none.
	 * @throws IllegalStateException if one cannot be opened
	 */
	void open() {
		for (PoolResource resource : this.resources) {
			try {
				resource.open();
				this.open.push(resource);
			}
			catch (Throwable ex) {
				close();
				throw new IllegalStateException("The resource " + resource.getClass().getName() + " of pool '"
						+ resource.pool() + "' could not be opened", ex);
			}
		}
	}

	void close() {
		while (!this.open.isEmpty()) {
			PoolResource resource = this.open.pop();
			try {
				resource.close();
			}
			catch (Throwable ex) {
				logger.error("The resource {} of pool '{}' could not be closed", resource.getClass().getName(),
						resource.pool(), ex);
			}
		}
	}

}
