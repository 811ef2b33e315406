//! What is measured: the names and units of `summary.csv`.

use serde::Serialize;

macro_rules! measures {
    ($($(#[$doc:meta])* $variant:ident = $name:literal [$unit:literal],)*) => {
        /// A measure, as named in `summary.csv`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Measure {
            $($(#[$doc])* #[doc = concat!(" Unit: ", $unit, ".")] $variant,)*
        }

        impl Measure {
            /// Every measure, in the order of the files.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name in `summary.csv`: snake case.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The unit in `summary.csv`.
            #[must_use]
            pub const fn unit(self) -> &'static str {
                match self { $(Self::$variant => $unit,)* }
            }
        }
    };
}

measures! {
    /// Accepted referrals whose clock started in the window, per replication.
    Referrals = "referrals" ["count"],
    /// Declined at arrival, per replication.
    Declined = "declined" ["count"],
    /// Share of counted referrals seen within their standard.
    ServiceLevel = "service_level" ["share"],
    /// Share of replications whose service level over the whole window reaches the target (Wilson interval).
    ProbabilityTargetMet = "probability_target_met" ["share"],
    /// Best less worst hub's service level.
    EquityGapPoints = "equity_gap_points" ["points"],
    /// Mean wait from clock start to clock stop, of those seen.
    WaitMeanMin = "wait_mean_min" ["min"],
    /// Median wait of those seen.
    WaitP50Min = "wait_p50_min" ["min"],
    /// The wait that 90 % of those seen stay below.
    WaitP90Min = "wait_p90_min" ["min"],
    /// The wait that 95 % of those seen stay below.
    WaitP95Min = "wait_p95_min" ["min"],
    /// Mean wait from real receipt, deferral included, of those seen.
    WaitFromReceiptMeanMin = "wait_from_receipt_mean_min" ["min"],
    /// Share of counted referrals that left before anyone was sent.
    RenegedShare = "reneged_share" ["share"],
    /// Share of counted referrals still waiting when following them ended.
    UnansweredShare = "unanswered_share" ["share"],
    /// Time-average of referrals waiting for their first visit.
    QueueMean = "queue_mean" ["referrals"],
    /// Hospital admissions after leaving or after the first response, per year.
    Admissions = "admissions" ["per year"],
    /// Bed days lost waiting for a package, per year.
    BedDaysLost = "bed_days_lost" ["days per year"],
    /// Cost of those bed days, per year.
    BedCostGbp = "bed_cost_gbp" ["GBP per year"],
    /// Days spent waiting without a bed because none was free, per year.
    DaysWithoutBed = "days_without_bed" ["days per year"],
    /// Share of counted referrals that found no bed free when their clock started.
    FoundNoBedShare = "found_no_bed_share" ["share"],
    /// Cost of admissions to hospital, per year.
    AdmissionCostGbp = "admission_cost_gbp" ["GBP per year"],
    /// Time-average of open packages; with a role, of those whose stream of that role has begun.
    CaseloadMean = "caseload_mean" ["referrals"],
    /// Staff working inside their shifts over staff available.
    Utilisation = "utilisation" ["share"],
    /// Time-average of staff available: on shift, less breaks taken.
    OnShiftMean = "on_shift_mean" ["people"],
    /// Staff kept busy if nobody waited, by the inputs alone.
    OfferedLoad = "offered_load" ["people"],
    /// Hours worked after shift ends.
    OvertimeHPerWeek = "overtime_h_per_week" ["h per week"],
    /// Visits begun, first responses included, per day.
    Visits = "visits" ["per day"],
    /// Share of planned visits done that began after their tolerance.
    VisitsLateShare = "visits_late_share" ["share"],
    /// Share of planned visits that were given up.
    VisitsMissedShare = "visits_missed_share" ["share"],
    /// Cost of work after the end of shifts, per year.
    OvertimeCostGbp = "overtime_cost_gbp" ["GBP per year"],
    /// Cost of the staff in post, per year; overtime is `overtime_cost_gbp`.
    StaffCostGbp = "staff_cost_gbp" ["GBP per year"],
}
