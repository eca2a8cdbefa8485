package io.backgroundjobs.actuate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import org.springframework.boot.health.contributor.Health;

/**
 * The jobs, pools or databases for which one condition holds. However many they are, few
 * are shown, those that make the status {@code DOWN} before the others.
 */
final class HealthProblems {

	static final int SHOWN = 20;

	private final HealthCondition condition;

	private final String kind;

	private final List<Map<String, Object>> down = new ArrayList<>();

	private final List<Map<String, Object>> others = new ArrayList<>();

	/**
	 * Create an empty list.
	 * @param condition what is looked for
	 * @param kind what it may hold for, in the plural
	 */
	HealthProblems(HealthCondition condition, String kind) {
		this.condition = condition;
		this.kind = kind;
	}

	/**
	 * Add a job, a pool or a database.
	 * @param criteria what counts for it
	 * @return its details, to be filled
	 */
	Map<String, Object> add(String name, HealthCriteria criteria) {
		boolean makesDown = criteria.downOn().contains(this.condition);
		Map<String, Object> problem = new LinkedHashMap<>();
		problem.put("name", name);
		problem.put("down", makesDown);
		(makesDown ? this.down : this.others).add(problem);
		return problem;
	}

	boolean makeDown() {
		return !this.down.isEmpty();
	}

	void addTo(Health.Builder health) {
		int count = this.down.size() + this.others.size();
		if (count > 0) {
			Map<String, Object> detail = new LinkedHashMap<>();
			detail.put("count", count);
			detail.put(this.kind, Stream.concat(this.down.stream(), this.others.stream()).limit(SHOWN).toList());
			health.withDetail(this.condition.name().toLowerCase(Locale.ROOT), detail);
		}
	}

}
