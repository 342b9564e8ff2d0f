"""What the form itself offers to choose from; lists that a source names come from the pack. Plain Python."""

LEGAL_FORMS = (("company", "企业"), ("institution", "事业单位"), ("social", "社会组织"), ("other", "其他法人"))
OWNERS = (
    ("government", "政府"),
    ("state", "国有企业"),
    ("school", "院校"),
    ("private", "社会力量"),
    ("mixed", "合资合作"),
)
KEY_GROUPS = "当地政策重点扶持创业的人群"
RIGHTS = (("own", "自有"), ("lease", "租赁"), ("free", "政府或院校无偿提供"))
FACILITIES = (
    ("power", "供电"),
    ("water", "供水"),
    ("fire_safety", "消防"),
    ("telecom", "通信"),
    ("network", "网络"),
    ("public_space", "公共空间"),
    ("shared_office", "共享办公场所"),
    ("ready_to_enter", "入驻即可开业（即入即开）"),
)
