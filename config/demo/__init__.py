"""The demo world: invented people, told through the product's own actions."""
