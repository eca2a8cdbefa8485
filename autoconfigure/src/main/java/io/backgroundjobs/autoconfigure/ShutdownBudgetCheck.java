package io.backgroundjobs.autoconfigure;

import java.time.Duration;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.cloud.CloudPlatform;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;

/**
 * Tells at the start, once for each context, whether a shutdown fits into the time that
 * the process is given: as a warning where it does not and somebody can be expected to
 * care, on Kubernetes or with a bound of their own.
 */
final class ShutdownBudgetCheck implements SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(ShutdownBudgetCheck.class);

	private static final List<String> BOUNDS = List.of(ShutdownBudget.REQUESTS, ShutdownBudget.PREFIX + "wait-timeout",
			ShutdownBudget.PREFIX + "shield-timeout", ShutdownBudget.PREFIX + "close-timeout",
			ShutdownBudget.PREFIX + "grace-period");

	private final BackgroundJobProperties.Shutdown bounds;

	private final Environment environment;

	private final ListableBeanFactory beans;

	ShutdownBudgetCheck(BackgroundJobProperties.Shutdown bounds, Environment environment, ListableBeanFactory beans) {
		this.bounds = bounds;
		this.environment = environment;
		this.beans = beans;
	}

	@Override
	public void afterSingletonsInstantiated() {
		Binder binder = Binder.get(this.environment);
		ShutdownBudget budget = new ShutdownBudget(requests(binder), this.bounds.shieldTimeout(),
				this.bounds.closeTimeout(), this.bounds.gracePeriod());
		if (!budget.fits() && (CloudPlatform.KUBERNETES.isActive(this.environment) || isAnyBoundSet(binder))) {
			logger.warn("{}", budget.text());
		}
		else if (logger.isDebugEnabled()) {
			logger.debug("{}", budget.text());
		}
	}

	private Duration requests(Binder binder) {
		return (isImmediate(binder) || !hasWebServer()) ? Duration.ZERO
				: this.beans.getBeanProvider(LifecycleProperties.class)
					.getIfAvailable(LifecycleProperties::new)
					.getTimeoutPerShutdownPhase();
	}

	/**
	 * Not by Boot's enum, which is there only with a web server.
	 */
	private static boolean isImmediate(Binder binder) {
		return binder.bind("server.shutdown", String.class).orElse("graceful").equalsIgnoreCase("immediate");
	}

	/**
	 * Look for what finishes the requests, which is there as soon as the web server is,
	 * and only if it is not a container around the application.
	 */
	private boolean hasWebServer() {
		for (SmartLifecycle lifecycle : this.beans.getBeansOfType(SmartLifecycle.class, false, false).values()) {
			if (lifecycle.getPhase() == WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE) {
				return true;
			}
		}
		return false;
	}

	private static boolean isAnyBoundSet(Binder binder) {
		for (String property : BOUNDS) {
			if (binder.bind(property, String.class).isBound()) {
				return true;
			}
		}
		return false;
	}

}
