"""Functions that a question may use. What is not named here is refused, also in later versions.

Left out on purpose: what tells of the system or changes it, what sleeps, what takes SQL or the
name of a function as text, and what makes long values of short ones (`repeat`, `lpad`, `printf`).
"""

AGGREGATES = """
any_value approx_count_distinct approx_quantile arg_max arg_max_null arg_min arg_min_null argmax
argmin array_agg avg bit_and bit_or bit_xor bool_and bool_or corr count count_if count_star countif
covar_pop covar_samp entropy favg first fsum geomean geometric_mean group_concat histogram
kahan_sum kurtosis kurtosis_pop last list listagg mad max max_by mean median min min_by mode
product quantile quantile_cont quantile_disc regr_avgx regr_avgy regr_count regr_intercept regr_r2
regr_slope regr_sxx regr_sxy regr_syy sem skewness stddev stddev_pop stddev_samp string_agg sum
sumkahan var_pop var_samp variance wavg weighted_avg
"""
WINDOWS = """
cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank rank_dense
row_number
"""
NUMBERS = """
abs acos acosh add asin asinh atan atan2 atanh cbrt ceil ceiling cos cosh cot degrees divide
equi_width_bins even exp factorial fdiv floor fmod gcd greatest_common_divisor isfinite isinf isnan
lcm least_common_multiple ln log log10 log2 mod multiply pi pow power radians random round
round_even sign signbit sin sinh sqrt subtract tan tanh trunc xor
"""
TEXTS = """
ascii base64 bit_length char_length character_length chr concat concat_ws contains
damerau_levenshtein editdist3 ends_with format_bytes hamming hash ilike_escape instr jaccard
jaro_similarity jaro_winkler_similarity lcase left length levenshtein like_escape lower ltrim md5
mismatches nfc_normalize not_ilike_escape not_like_escape ord overlay parse_filename position
prefix regexp_extract regexp_full_match regexp_matches regexp_replace replace reverse right rtrim
sha256 split split_part starts_with str_split string_split strip_accents strlen strpos substr
substring suffix to_base64 translate trim typeof ucase unicode upper
"""
TIMES = """
age century current_date current_localtime current_localtimestamp date_add date_diff date_part
date_sub date_trunc datediff datepart datesub datetrunc day dayname dayofmonth dayofweek dayofyear
days_in_month decade epoch epoch_ms epoch_ns epoch_us era get_current_time get_current_timestamp
hour isodow isoyear julian last_day make_date make_time make_timestamp microsecond millennium
millisecond minute month monthname now quarter second strftime strptime time_bucket timezone
to_centuries to_days to_decades to_hours to_microseconds to_millennia to_milliseconds to_minutes
to_months to_quarters to_seconds to_timestamp to_weeks to_years today try_strptime week weekday
weekofyear year yearweek
"""
VALUES = """
array_contains array_distinct array_extract array_length array_slice cardinality coalesce
constant_or_null element_at greatest if ifnull json_array_length json_exists json_extract
json_extract_path json_extract_path_text json_extract_string json_keys json_type json_valid
json_value least len list_apply list_avg list_contains list_count list_distinct list_element list_extract
list_filter list_has list_has_all list_has_any list_max list_median list_min list_position
list_slice list_sort list_sum list_transform list_unique list_value map map_extract map_keys map_values
nullif row struct_extract struct_pack unnest
"""
# Their results are longer than what they are given; nested, they would grow without bound.
GROWING = frozenset({"||", "concat", "concat_ws", "overlay", "regexp_replace", "replace"})

SCALARS = frozenset(" ".join((AGGREGATES, WINDOWS, NUMBERS, TEXTS, TIMES, VALUES)).split())
# Functions in FROM that make rows of nothing but their arguments.
TABLES = frozenset({"generate_series", "range", "unnest"})
